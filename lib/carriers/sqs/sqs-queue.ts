import type {
  ChangeMessageVisibilityBatchResult,
  DeleteMessageBatchResult,
  QueueAttributeName,
  ReceiveMessageResult,
  SendMessageBatchRequestEntry,
  SendMessageBatchResult,
} from '@aws-sdk/client-sqs';
import { systemClock } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import type {
  QueueFeatures,
  Discard,
  EntryResult,
  LeaseExtension,
  Queue,
  QueueLimits,
  ReceiveOptions,
  RedrivePolicy,
  Release,
  SendResult,
} from '../../queue/queue.js';
import type { ReceivedMessage, WireMessage } from '../../queue/wire-message.js';
import { AbortSource } from '../../queue/abort-source.js';
import { type AnsweredEntry, answersEmptyBatch, listOf, readBatchAnswer } from './entry-results.js';
import { toQueueError } from './to-queue-error.js';
import type { DataPath } from './data-path.js';
import { type Cut, withDeadline } from './request-deadline.js';
import type { QueueProperties } from './queue-properties.js';
import {
  aborted,
  closed,
  describeLocation,
  noAnswer,
  type QueueLocation,
  type SqsOperation,
} from './queue-location.js';
import type { WireRequest } from './exchange.js';
import { ReceivedDigests } from './digests.js';
import { warnOfMissingAttributes } from './missing-attributes.js';
import { ReceiveAttempts } from './receive-attempts.js';
import { toReceivedMessage } from './received-message.js';
import { toSendEntry, toSendOutcome } from './send-batch.js';
import type { ResolvedSqsQueueOptions } from './sqs-queue-options.js';

export interface SqsQueueParts {
  readonly location: QueueLocation;
  readonly url?: string;
  readonly properties: QueueProperties;
  readonly path: DataPath;
  readonly timeouts: ResolvedSqsQueueOptions['timeouts'];
  /** True if the digests of messages are checked. */
  readonly md5: boolean;
}

/** Lists the system attributes that a receive requests. All of them are in `raw`. */
const SYSTEM_ATTRIBUTES = [
  'ApproximateReceiveCount',
  'SentTimestamp',
  'MessageGroupId',
  'MessageDeduplicationId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
] as const;

/** Lists the system attributes that the older parameter of a receive has. */
const OLDER_ATTRIBUTES = SYSTEM_ATTRIBUTES.filter((name) => name !== 'DeadLetterQueueSourceArn');

const TAKEN: EntryResult = Object.freeze({ ok: true });

/** Sends to and receives from one open SQS queue. */
export class SqsQueue implements Queue {
  readonly name: string;
  readonly location: string;
  readonly carrier = 'sqs';
  readonly url: string | undefined;
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  readonly redrive?: RedrivePolicy | 'unknown';
  private readonly closing = new AbortSource();
  private readonly attempts = new ReceiveAttempts();

  constructor(private readonly parts: SqsQueueParts) {
    const { features, limits, redrive } = parts.properties;
    this.name = parts.location.name;
    this.url = parts.url;
    this.location = describeLocation(parts.location);
    this.features = features;
    this.limits = limits;
    if (redrive !== undefined) this.redrive = redrive;
  }

  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    this.checkBatch('SendMessageBatch', messages.length);
    const { path, location, md5 } = this.parts;
    const drafts = messages.map((message, at) => toSendEntry(message, String(at), location, this.features.ordered));
    const entries = drafts.filter((draft): draft is SendMessageBatchRequestEntry => !(draft instanceof QueueError));
    if (entries.length === 0) return drafts.map((error) => ({ ok: false, error: error as QueueError }));
    let wire: WireRequest | undefined;
    const answer = await this.request<SendMessageBatchResult>('SendMessageBatch', (aborts, answered) =>
      path.sendBatch(entries, aborts, (received, request) => {
        wire = request;
        answered(received);
      }),
    );
    const batch = { location, operation: 'SendMessageBatch', wire, md5 } as const;
    const results = readBatchAnswer(positions(messages), answer, batch);
    return drafts.map((draft, at) => {
      if (draft instanceof QueueError) return { ok: false, error: draft };
      return toSendOutcome(draft, results[at], batch);
    });
  }

  check(): Promise<void> {
    const { path } = this.parts;
    return answersEmptyBatch(
      this.request('SendMessageBatch', (aborts, answered) => path.sendBatch([], aborts, answered)),
    );
  }

  async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { max, waitSeconds, visibilityTimeoutSeconds, signal } = options;
    const attempt = this.features.ordered ? this.attempts.next(systemClock.now()) : undefined;
    const request = {
      MaxNumberOfMessages: max,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilityTimeoutSeconds,
      MessageSystemAttributeNames: [...SYSTEM_ATTRIBUTES],
      // The older parameter for the same, which some emulators know alone. Its type lists only names
      // of queue attributes; the API reference of ReceiveMessage lists these names, too.
      AttributeNames: OLDER_ATTRIBUTES as unknown as QueueAttributeName[],
      MessageAttributeNames: ['All'],
      ...(attempt !== undefined && { ReceiveRequestAttemptId: attempt }),
    };
    const ms = waitSeconds * 1000 + this.parts.timeouts.receiveExtraMs;
    const digests = new ReceivedDigests(this.parts.md5);
    try {
      const answer = await this.request<ReceiveMessageResult>(
        'ReceiveMessage',
        (cut, answered) =>
          this.parts.path.receive(request, cut, (received, sent) => {
            digests.check(received, sent);
            answered(received);
          }),
        { ms, signal },
      );
      const arrival = { queue: this.name, receivedAt: systemClock.now(), isCorrupt: digests.isCorrupt };
      const messages = listOf(answer?.Messages);
      warnOfMissingAttributes(messages, this.parts.location, this.features.ordered);
      return messages.map((message) => toReceivedMessage(message, arrival));
    } catch (error) {
      if (attempt !== undefined && isAnswerLost(error)) this.attempts.fail(attempt, systemClock.now());
      throw error;
    }
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return this.delete(messages);
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.delete(discards.map(({ message }) => message));
  }

  /** Serves acknowledge and discard. SQS has one operation for both: DeleteMessageBatch. */
  private async delete(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    this.checkBatch('DeleteMessageBatch', messages.length);
    const entries = messages.map(({ receipt }, at) => ({ Id: String(at), ReceiptHandle: receipt }));
    const answer = await this.request<DeleteMessageBatchResult>('DeleteMessageBatch', (aborts, answered) =>
      this.parts.path.deleteBatch(entries, aborts, answered),
    );
    const context = { location: this.parts.location, operation: 'DeleteMessageBatch' } as const;
    return readBatchAnswer(positions(messages), answer, context).map(toOutcome);
  }

  release(releases: readonly Release[], signal?: AbortSignal): Promise<readonly EntryResult[]> {
    return this.change(releases, signal);
  }

  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return this.change(extensions);
  }

  /** Serves release and extend. SQS has one operation for both: ChangeMessageVisibilityBatch. */
  private async change(changes: readonly LeaseExtension[], signal?: AbortSignal): Promise<readonly EntryResult[]> {
    const operation = 'ChangeMessageVisibilityBatch';
    this.checkBatch(operation, changes.length);
    const { path, location } = this.parts;
    const entries = changes.map(({ message, seconds }, at) => ({
      Id: String(at),
      ReceiptHandle: message.receipt,
      VisibilityTimeout: seconds,
    }));
    const answer = await this.request<ChangeMessageVisibilityBatchResult>(
      operation,
      (aborts, answered) => path.changeVisibilityBatch(entries, aborts, answered),
      { signal },
    );
    return readBatchAnswer(positions(changes), answer, { location, operation }).map(toOutcome);
  }

  /** Rejects open requests at once. A graceful shutdown waits for open requests before this call. */
  close(): Promise<void> {
    if (!this.closing.aborted) {
      this.closing.abort();
      this.parts.path.close();
    }
    return Promise.resolve();
  }

  /** Runs one request with its deadline. Every failure becomes a {@link QueueError}. */
  private async request<T>(
    operation: SqsOperation,
    task: (aborts: AbortSource, answered: (result: T) => void) => Promise<T>,
    { ms = this.parts.timeouts.requestMs, signal }: { ms?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const { location } = this.parts;
    const cuts: Cut[] = [{ aborts: this.closing, error: () => closed(location) }];
    if (signal !== undefined) cuts.push({ aborts: signal, error: () => aborted(operation, location) });
    try {
      return await withDeadline({ ms, late: () => noAnswer(operation, location, ms), cuts }, task);
    } catch (error) {
      throw toQueueError(error, { location, operation });
    }
  }

  private checkBatch(operation: SqsOperation, entries: number): void {
    const { location } = this.parts;
    if (this.closing.aborted) throw closed(location);
    if (entries >= 1 && entries <= this.limits.batchEntries) return;
    const message = `${operation} on ${describeLocation(location)} accepts 1 to ${this.limits.batchEntries} entries, not ${entries}. Split the batch.`;
    const code = entries === 0 ? 'EmptyBatchRequest' : 'TooManyEntriesInBatchRequest';
    throw new QueueError(message, { code, kind: 'invalid', queue: location.name });
  }
}

/** True if SQS may have locked messages for a receive without an answer. A refused receive locks none. */
function isAnswerLost(error: unknown): boolean {
  return error instanceof QueueError && (error.kind === 'network' || error.kind === 'service');
}

function positions(entries: readonly unknown[]): string[] {
  return entries.map((_, at) => String(at));
}

function toOutcome(result: AnsweredEntry<unknown>): EntryResult {
  return 'error' in result ? { ok: false, error: result.error } : TAKEN;
}
