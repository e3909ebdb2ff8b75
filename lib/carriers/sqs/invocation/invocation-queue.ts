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
import type { OnDemandQueue } from './on-demand-queue.js';
import { ReleaseRequests } from './release-requests.js';

export interface InvocationQueueParts {
  readonly name: string;
  /** True if the digests of messages are checked. */
  readonly md5: boolean;
  /** The queue itself, for requests. */
  readonly requests: OnDemandQueue;
  /** True if a failed message becomes visible after its delay. Otherwise SQS keeps its visibility timeout. */
  readonly changeVisibility: boolean;
  /** True if failed calls of a body are sent again. */
  readonly resend: boolean;
}

const TAKEN: EntryResult = Object.freeze({ ok: true });
/** Longest time in seconds for which SQS hides a message from its receive, less the longest run of a function. */
const MOST_HIDDEN_SECONDS = 43_200 - 900;

/**
 * The messages that AWS Lambda hands over, as a queue. A receive takes messages of one
 * invocation and never waits. Lambda removes the handled messages after the answer of the function,
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
  private readonly invocations = new Map<AbortSignal, Invocation>();
  /** The invocations of messages, also of those that have ended, by what Lambda handed over. */
  private readonly owners = new WeakMap<object, Invocation>();
  private readonly releases: ReleaseRequests;
  private isClosed = false;

  constructor(private readonly parts: InvocationQueueParts) {
    const { features, limits } = toQueueProperties(parts.name, {});
    this.name = parts.name;
    this.location = `queue "${parts.name}" (events of AWS Lambda)`;
    this.features = { ...features, leases: false, abortableReceive: true, resend: parts.resend };
    this.limits = limits;
    this.releases = new ReleaseRequests(parts.requests);
  }

  /**
   * Takes over the records of an invocation. A message that is listed twice is handled once.
   *
   * @param signal aborts when nothing may start any more; a receive with it returns these messages
   */
  begin(records: readonly LambdaRecord[], signal: AbortSignal): Invocation {
    const receivedAt = systemClock.now();
    const { isCorrupt } = new ReceivedDigests(this.parts.md5);
    const arrival = { queue: this.name, receivedAt, isCorrupt };
    const unique = new Map(records.map((record) => [record.messageId, record]));
    const messages = [...unique].map(([id, record]) => ({
      id,
      message: toReceivedMessage(toSdkMessage(record), arrival),
    }));
    const invocation = new Invocation(messages, this.features.ordered, signal);
    for (const { message } of messages) this.owners.set(message.raw as object, invocation);
    if (this.isClosed) invocation.close();
    else this.invocations.set(signal, invocation);
    return invocation;
  }

  /** Ends an invocation, and returns the ids of the messages that stay in the queue. */
  end(invocation: Invocation): readonly string[] {
    invocation.close();
    this.invocations.delete(invocation.signal);
    return invocation.failures;
  }

  /** Returns messages of the invocation whose signal the request has. */
  receive({ max, signal }: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const invocation = signal && this.invocations.get(signal);
    return Promise.resolve(invocation?.take(max) ?? []);
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return Promise.resolve(messages.map((message) => this.resultOf(message)));
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.acknowledge(discards.map(({ message }) => message));
  }

  /** Makes messages visible, where that is allowed, until their invocation ends. */
  async release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    if (!this.parts.changeVisibility) return releases.map(delayIgnored);
    const closed = releases[0] && this.ownerOf(releases[0].message)?.closed;
    return this.releases.release(
      releases.map((release) => ({ ...release, seconds: Math.min(release.seconds, secondsLeft(release.message)) })),
      closed ?? AbortSignal.abort(),
    );
  }

  /** Does nothing: the queue hides a message for as long as a function may run. */
  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return Promise.resolve(extensions.map(() => TAKEN));
  }

  /** Sends calls of a body again, until its invocation ends. Then the body comes back as a whole. */
  send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    const isLate = messages.some(({ original }) => original && this.ownerOf(original)?.closed.aborted === true);
    return isLate ? Promise.reject(this.ended('its calls are not sent again')) : this.parts.requests.send(messages);
  }

  /** Ends the open invocations. What was not handled stays in the queue. */
  close(): Promise<void> {
    this.isClosed = true;
    for (const invocation of this.invocations.values()) invocation.close();
    return this.parts.requests.close();
  }

  /** Envelopes and large bodies make copies of a message, and leave its `raw` as it is. */
  private ownerOf({ raw }: ReceivedMessage): Invocation | undefined {
    return this.owners.get(raw as object);
  }

  /** A handler that outlasts its invocation ends too late: Lambda keeps its message in the queue. */
  private resultOf(message: ReceivedMessage): EntryResult {
    if (this.ownerOf(message)?.closed.aborted === false) return TAKEN;
    const text = `message ${message.id} was handled after that`;
    return {
      ok: false,
      error: this.ended(`${text}. Let handlers end at their signal, or give the function more time`),
    };
  }

  private ended(text: string): QueueError {
    const message = `an invocation has ended, so a message stays in the queue "${this.name}" and comes back; ${text}.`;
    // A failure that passes: nothing speaks against the message itself.
    return new QueueError(message, { code: 'InvocationEnded', kind: 'lease-lost', queue: this.name });
  }
}

/** Returns the whole seconds for which SQS may still hide a message. */
function secondsLeft({ receivedAt }: ReceivedMessage): number {
  return Math.floor(MOST_HIDDEN_SECONDS - (systemClock.now() - receivedAt) / 1000);
}
