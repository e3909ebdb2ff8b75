import { systemClock } from '../../../queue/clock.js';
import { delayIgnored } from '../../../queue/ignored-delay.js';
import { QueueError } from '../../../queue/queue-error.js';
import type {
  Discard,
  EntryResult,
  LeaseExtension,
  Queue,
  QueueFeatures,
  QueueLimits,
  ReceiveOptions,
  Release,
  SendResult,
} from '../../../queue/queue.js';
import type { ReceivedMessage, WireMessage } from '../../../queue/wire-message.js';
import { ReceivedDigests } from '../digests.js';
import { toQueueProperties } from '../queue-properties.js';
import { toReceivedMessage } from '../received-message.js';
import { Invocation } from './invocation.js';
import { type LambdaRecord, toSdkMessage } from './lambda-record.js';

export interface InvocationQueueParts {
  readonly name: string;
  /** True if the digests of messages are checked. */
  readonly md5: boolean;
  /** The queue itself, for requests. */
  readonly requests: Queue;
  /** True if a failed message becomes visible after its delay. Otherwise SQS keeps its visibility timeout. */
  readonly changeVisibility: boolean;
  /** True if failed calls of a body are sent again. */
  readonly resend: boolean;
}

/** Requests side by side that make the rest of an event visible. An event may hold thousands of messages. */
const MOST_RELEASES = 16;
const TAKEN: EntryResult = Object.freeze({ ok: true });
/** Longest time in seconds for which SQS hides a message from its receive, less the longest run of a function. */
const MOST_HIDDEN_SECONDS = 43_200 - 900;

/**
 * The messages that AWS Lambda hands over, as a queue. A receive takes messages of the open
 * invocations and never waits. Lambda removes the handled messages after the answer of the function,
 * so an acknowledgement sends no request. Lambda holds the leases, so none is renewed.
 */
export class InvocationQueue implements Queue {
  readonly name: string;
  readonly location: string;
  readonly carrier = 'sqs';
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  /** An event does not show the redrive policy. */
  readonly redrive = 'unknown';
  private readonly invocations = new Set<Invocation>();
  /** Requests in progress that make messages visible. */
  private readonly releasing = new Set<Promise<unknown>>();
  private isClosed = false;

  constructor(private readonly parts: InvocationQueueParts) {
    const { features, limits } = toQueueProperties(parts.name, {});
    this.name = parts.name;
    this.location = `queue "${parts.name}" (events of AWS Lambda)`;
    this.features = { ...features, leases: false, abortableReceive: true, resend: parts.resend };
    this.limits = limits;
  }

  /** Takes over the records of an invocation. A message that is listed twice is handled once. */
  begin(records: readonly LambdaRecord[]): Invocation {
    const receivedAt = systemClock.now();
    const { isCorrupt } = new ReceivedDigests(this.parts.md5);
    const arrival = { queue: this.name, receivedAt, isCorrupt };
    const unique = new Map(records.map((record) => [record.messageId, record]));
    const messages = [...unique.values()].map((record) => toReceivedMessage(toSdkMessage(record), arrival));
    const invocation = new Invocation(messages, this.features.ordered);
    if (this.isClosed) invocation.close();
    else this.invocations.add(invocation);
    return invocation;
  }

  /**
   * Notes the end of a delivery. Releases the messages behind a failed one of a FIFO queue.
   *
   * @param isHandled true if the message has to leave the queue
   */
  ended(message: ReceivedMessage, isHandled: boolean): void {
    const invocation = this.invocationOf(message);
    if (invocation) this.releaseUnstarted(invocation.note(message, isHandled), invocation);
  }

  /** Releases the messages of an invocation that no handler has seen. */
  releaseWaiting(invocation: Invocation): void {
    this.releaseUnstarted(invocation.failWaiting(), invocation);
  }

  /** Resolves when no message is being released. Never rejects. */
  async whenReleased(): Promise<void> {
    await Promise.allSettled(this.releasing);
  }

  /** Ends an invocation, and returns the ids of the messages that stay in the queue. */
  end(invocation: Invocation): readonly string[] {
    invocation.close();
    this.invocations.delete(invocation);
    return invocation.failures;
  }

  receive({ max }: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const taken: ReceivedMessage[] = [];
    for (const invocation of this.invocations) taken.push(...invocation.take(max - taken.length));
    return Promise.resolve(taken);
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return Promise.resolve(messages.map((message) => this.resultOf(message)));
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.acknowledge(discards.map(({ message }) => message));
  }

  release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    const { changeVisibility, requests } = this.parts;
    if (!changeVisibility) return Promise.resolve(releases.map(delayIgnored));
    return requests.release(
      releases.map((release) => ({ ...release, seconds: Math.min(release.seconds, secondsLeft(release.message)) })),
    );
  }

  /** Does nothing: the queue hides a message for as long as a function may run. */
  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return Promise.resolve(extensions.map(() => TAKEN));
  }

  send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    return this.parts.requests.send(messages);
  }

  /** Ends the open invocations. What was not handled stays in the queue. */
  close(): Promise<void> {
    this.isClosed = true;
    for (const invocation of this.invocations) invocation.close();
    return this.parts.requests.close();
  }

  private invocationOf(message: ReceivedMessage): Invocation | undefined {
    for (const invocation of this.invocations) if (invocation.has(message)) return invocation;
    return undefined;
  }

  /** A handler that outlasts its invocation ends too late: Lambda keeps its message in the queue. */
  private resultOf(message: ReceivedMessage): EntryResult {
    if (this.invocationOf(message) !== undefined) return TAKEN;
    const text = `message ${message.id} was handled after its invocation had ended, so it stays in the queue "${this.name}" and comes back. Let handlers end at their signal, or give the function more time.`;
    return {
      ok: false,
      error: new QueueError(text, { code: 'InvocationEnded', kind: 'lease-lost', queue: this.name }),
    };
  }

  /**
   * Makes messages visible at once, where that is allowed, until the invocation ends. A failure only
   * delays them. A later request could make a message visible that another receiver handles.
   */
  private releaseUnstarted(messages: readonly ReceivedMessage[], invocation: Invocation): void {
    if (!this.parts.changeVisibility || messages.length === 0) return;
    const batches = batchesOf(messages, this.limits.batchEntries).values();
    const run = async (): Promise<void> => {
      for (const batch of batches) {
        if (!this.invocations.has(invocation)) return;
        const releases = batch.map((message) => ({ message, seconds: 0, cause: 'not-started' }) as const);
        await this.release(releases).catch(() => undefined);
      }
    };
    const done = Promise.all(Array.from({ length: MOST_RELEASES }, run));
    this.releasing.add(done);
    void done.then(() => this.releasing.delete(done));
  }
}

function batchesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_each, at) => items.slice(at * size, (at + 1) * size));
}

/** Returns the whole seconds for which SQS may still hide a message. */
function secondsLeft({ receivedAt }: ReceivedMessage): number {
  return Math.floor(MOST_HIDDEN_SECONDS - (systemClock.now() - receivedAt) / 1000);
}
