import type { PublishBatchRequestEntry, PublishBatchResponse } from '@aws-sdk/client-sns';
import { QueueError } from '../../../queue/queue-error.js';
import type { QueueFeatures, QueueLimits, SendResult, MessageSender } from '../../../queue/queue.js';
import { AbortSource } from '../../../queue/abort-source.js';
import type { WireMessage } from '../../../queue/wire-message.js';
import { answeredId, LONGEST_MESSAGE_ID } from '../answered-id.js';
import { type AnsweredEntry, answersEmptyBatch, readBatchAnswer } from '../entry-results.js';
import { toQueueError, type ErrorContext } from '../to-queue-error.js';
import { withDeadline } from '../request-deadline.js';
import { closed, describeLocation, noAnswer, type QueueLocation } from '../queue-location.js';
import { storedWithoutId, toSendEntry } from '../send-batch.js';
import type { TopicProperties } from './sns-topic-options.js';

/** Sends PublishBatch. Calls `answered` as soon as SNS has answered. */
type Publish = (
  entries: PublishBatchRequestEntry[],
  signal: AbortSignal,
  answered: (answer: PublishBatchResponse) => void,
) => Promise<PublishBatchResponse>;

export interface SnsTopicParts {
  readonly location: QueueLocation;
  readonly properties: TopicProperties;
  readonly publish: Publish;
  /** Timeout of one request in milliseconds. */
  readonly requestMs: number;
  /** Closes connections. */
  readonly release: () => void;
}

const OPERATION = 'PublishBatch';

/** Publishes to one open SNS topic. The topic sends a copy to every subscribed queue. */
export class SnsTopic implements MessageSender {
  readonly name: string;
  readonly carrier = 'sns';
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  private readonly closing = new AbortSource();

  constructor(private readonly parts: SnsTopicParts) {
    this.name = parts.location.name;
    this.features = parts.properties.features;
    this.limits = parts.properties.limits;
  }

  /** Resolves with the message ids of the topic. Each queue gives its copy its own id. */
  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    this.checkBatch(messages.length);
    const { location } = this.parts;
    const drafts = messages.map((message, at) => toPublishEntry(message, String(at), location));
    const entries = drafts.filter((draft): draft is PublishBatchRequestEntry => !(draft instanceof QueueError));
    if (entries.length === 0) return drafts.map((error) => ({ ok: false, error: error as QueueError }));
    const answer = await this.request(entries);
    const context: ErrorContext = { location, operation: OPERATION };
    const results = readBatchAnswer(
      messages.map((_, at) => String(at)),
      answer,
      context,
    );
    return drafts.map((draft, at) =>
      draft instanceof QueueError ? { ok: false, error: draft } : toOutcome(results[at]!, context),
    );
  }

  check(): Promise<void> {
    return answersEmptyBatch(this.request([]));
  }

  /**
   * Rejects open requests at once. A graceful shutdown waits for open requests before this call.
   */
  close(): Promise<void> {
    if (!this.closing.aborted) {
      this.closing.abort();
      this.parts.release();
    }
    return Promise.resolve();
  }

  private async request(entries: PublishBatchRequestEntry[]): Promise<PublishBatchResponse> {
    const { location, requestMs: ms, publish } = this.parts;
    const cuts = [{ aborts: this.closing, error: () => closed(location) }];
    try {
      return await withDeadline<PublishBatchResponse>(
        { ms, late: () => noAnswer(OPERATION, location, ms), cuts },
        ({ signal }, answered) => publish(entries, signal, answered),
      );
    } catch (error) {
      throw toQueueError(error, { location, operation: OPERATION });
    }
  }

  private checkBatch(entries: number): void {
    const { location } = this.parts;
    if (this.closing.aborted) throw closed(location);
    if (entries >= 1 && entries <= this.limits.batchEntries) return;
    const message = `${OPERATION} on ${describeLocation(location)} accepts 1 to ${this.limits.batchEntries} entries, not ${entries}. Split the batch.`;
    const code = entries === 0 ? 'EmptyBatchRequest' : 'TooManyEntriesInBatchRequest';
    throw new QueueError(message, { code, kind: 'invalid', queue: location.name });
  }
}

function toOutcome(
  result: AnsweredEntry<{ readonly MessageId?: string | undefined }>,
  context: ErrorContext,
): SendResult {
  if ('error' in result) return { ok: false, error: result.error };
  const id = answeredId(result.entry.MessageId, LONGEST_MESSAGE_ID);
  return id === undefined ? { ok: false, error: storedWithoutId(context) } : { ok: true, id };
}

/** Builds an entry of PublishBatch, or the error for a message that no topic accepts. */
function toPublishEntry(
  message: WireMessage,
  id: string,
  location: QueueLocation,
): PublishBatchRequestEntry | QueueError {
  if (message.delaySeconds !== undefined) {
    const text = `${describeLocation(location)} accepts no delay. Set DelaySeconds on the queues that subscribe to the topic.`;
    return new QueueError(text, { code: 'InvalidParameter', kind: 'invalid', queue: location.name });
  }
  const entry = toSendEntry(message, id, location);
  if (entry instanceof QueueError) return entry;
  const { MessageAttributes, MessageGroupId, MessageDeduplicationId } = entry;
  return {
    Id: id,
    Message: entry.MessageBody!,
    ...(MessageAttributes !== undefined && { MessageAttributes }),
    ...(MessageGroupId !== undefined && { MessageGroupId }),
    ...(MessageDeduplicationId !== undefined && { MessageDeduplicationId }),
  };
}
