import {
  DeleteMessageBatchCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { LambdaBatchResponse, LambdaContext, LambdaEvent } from 'nestjs-sqs-thrift/lambda';
import type { EmbeddedQueue, EmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { contextOf, eventOf, toRecord } from './event-records.js';

export interface EventSourceParts {
  readonly sqs: Pick<EmbeddedSqs, 'endpoint' | 'region' | 'credentials'>;
  readonly queue: Pick<EmbeddedQueue, 'url' | 'arn'>;
  /** The function. A new invocation may get a new instance. */
  readonly invoke: (event: LambdaEvent, context: LambdaContext) => Promise<LambdaBatchResponse>;
  readonly timeoutMs: number;
  /** Messages of one invocation. Default 10. */
  readonly batchSize?: number;
  /** Takes the end of each invocation. */
  readonly onEnd?: (end: InvocationEnd) => void;
}

export interface InvocationEnd {
  readonly event: LambdaEvent;
  /** True if the messages that the answer does not list were deleted. */
  readonly isAnswered: boolean;
  /** Time in ms from the first receive to the last deletion. */
  readonly ms: number;
}

const ENTRIES = 10;

/**
 * Polls a queue and invokes a function, as the event source mapping of Lambda does with
 * `ReportBatchItemFailures`: it deletes what the answer does not list, and deletes nothing after an
 * error, a time-out or an answer that names unknown messages.
 */
export class EventSource {
  private readonly client: SQSClient;
  private readonly stopping = new AbortController();
  private polling: Promise<void> | undefined;

  constructor(private readonly parts: EventSourceParts) {
    const { endpoint, region, credentials } = parts.sqs;
    this.client = new SQSClient({ endpoint, region, credentials });
  }

  start(): void {
    this.polling = this.poll();
  }

  /** Polls no more. Resolves when the invocation in progress has ended and its messages are deleted. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.polling;
    this.client.destroy();
  }

  private async poll(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const since = performance.now();
      const messages = await this.gather();
      if (messages.length > 0) await this.invoke(messages, since);
    }
  }

  private async gather(): Promise<Message[]> {
    const { batchSize = ENTRIES } = this.parts;
    const messages: Message[] = [];
    while (messages.length < batchSize && !this.stopping.signal.aborted) {
      const received = await this.receive(Math.min(ENTRIES, batchSize - messages.length), messages.length === 0);
      messages.push(...received);
      if (received.length === 0) break;
    }
    return messages;
  }

  private async receive(MaxNumberOfMessages: number, mayWait: boolean): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.parts.queue.url,
      MaxNumberOfMessages,
      WaitTimeSeconds: mayWait ? 1 : 0,
      AttributeNames: ['All' as QueueAttributeName],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.client.send(command);
    return Messages;
  }

  private async invoke(messages: readonly Message[], since: number): Promise<void> {
    const { invoke, queue, timeoutMs, onEnd } = this.parts;
    const event = eventOf(...messages.map((message) => toRecord(message, queue.arn)));
    let isAnswered = false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), timeoutMs)));
    try {
      const answer = await Promise.race([invoke(event, contextOf(timeoutMs)), late]);
      isAnswered = answer !== 'late';
      if (answer !== 'late') await this.deleteAllBut(messages, answer);
    } catch {
      isAnswered = false;
    }
    clearTimeout(timer);
    onEnd?.({ event, isAnswered, ms: performance.now() - since });
  }

  private async deleteAllBut(messages: readonly Message[], { batchItemFailures }: LambdaBatchResponse): Promise<void> {
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const ids = new Set(messages.map(({ MessageId }) => MessageId!));
    if ([...failed].some((id) => !ids.has(id))) throw new Error('the answer names a message that was not in the event');
    const handled = messages.filter(({ MessageId }) => !failed.has(MessageId!));
    for (let at = 0; at < handled.length; at += ENTRIES) {
      const batch = handled.slice(at, at + ENTRIES);
      const Entries = batch.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.client.send(new DeleteMessageBatchCommand({ QueueUrl: this.parts.queue.url, Entries }));
    }
  }
}
