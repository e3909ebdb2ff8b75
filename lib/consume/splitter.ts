import { setNewest } from '../common/newest-entries.js';
import { EVENT_ID_ATTRIBUTE, eventId } from '../event/event-id.js';
import type { EventCodec } from '../event/event-codec.js';
import type { RequestFollower } from '../diagnostics/request-follower.js';
import type { BatcherSettings } from '../queue/batch-requests.js';
import { Batcher } from '../queue/batcher.js';
import {
  forbiddenCharacter,
  messageBytes,
  type ReceivedMessage,
  type WireBody,
  type WireMessage,
} from '../queue/wire-message.js';
import { isRefusedMessage, type QueueError } from '../queue/queue-error.js';
import type { MessageReceiver, MessageSender, SendResult } from '../queue/queue.js';
import type { FailedCall } from '../queue/settlement.js';
import type { Delivery } from './delivery.js';

/** Largest number of bodies to remember. */
const MAX_BODIES = 256;
/** Largest number of calls that one split may send. */
const MAX_CALLS = 1_000;
/** Largest number of bytes that one split may send. Each call carries all attributes of its body. */
const MAX_BYTES = 4_194_304;

export interface SplitterParts {
  readonly queue: MessageReceiver;
  /** The sending end of the same queue. */
  readonly sender: MessageSender;
  /** Splits a body into one body per call. */
  readonly codec: Pick<EventCodec, 'split'>;
  readonly batching: BatcherSettings;
  readonly requests: RequestFollower;
  readonly splits?: UnfinishedSplits | undefined;
}

/** Result of a split: the number of its messages. `error` is absent if the split cannot be sent, or the lease is lost. */
export type SplitResult =
  { readonly ok: true; readonly resent: number } | { readonly ok: false; readonly error?: QueueError };

/** State of a body whose split has not ended. */
interface Past {
  /** Positions of the calls that are stored again. */
  readonly stored: Set<number>;
  /** True if the queue refused a call for good. Then no call is sent again. */
  refused: boolean;
}

/** The bodies whose splits have not ended, by message id. */
export type UnfinishedSplits = Map<string, Past>;

interface Part {
  readonly at: number;
  readonly message: WireMessage;
}

/**
 * Sends the failed calls of a body again, each as a message of its own. It checks all calls before
 * it sends the first, and remembers the stored calls until the body is gone. So redeliveries of one
 * body never multiply its calls.
 */
export class Splitter {
  private readonly past: UnfinishedSplits;
  private readonly resends: Batcher<WireMessage, SendResult>;

  constructor(private readonly parts: SplitterParts) {
    const { sender, batching } = parts;
    this.past = parts.splits ?? new Map<string, Past>();
    this.resends = new Batcher(
      {
        run: (messages) => this.run(messages),
        sizeOf: (message) => sender.wireBytes?.(message) ?? messageBytes(message),
      },
      { ...batching, maxBytes: sender.limits.batchBytes },
    );
  }

  /** Sends the calls. Stops once the lease is lost, since the next receiver sends them too. */
  async send({ message, lease }: Delivery, failed: readonly FailedCall[]): Promise<SplitResult> {
    const past = this.past.get(message.id) ?? { stored: new Set(), refused: false };
    if (past.refused || failed.length > MAX_CALLS) return { ok: false };
    const parts = this.plan(message, failed);
    if (parts.length > MAX_CALLS || !areAcceptable(parts, this.parts.sender)) return { ok: false };
    setNewest(this.past, message.id, past, MAX_BODIES);
    const left = parts.filter(({ at }) => !past.stored.has(at));
    const size = this.parts.sender.limits.batchEntries;
    for (let i = 0; i < left.length; i += size) {
      if (lease.lost) return { ok: false };
      const error = await this.sendSome(left.slice(i, i + size), past);
      if (error) return { ok: false, error };
    }
    return { ok: true, resent: parts.length };
  }

  private run(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    const { sender: queue, requests } = this.parts;
    const bytes = messages.reduce((sum, message) => sum + messageBytes(message), 0);
    const originals = messages.flatMap(({ original }) => original ?? []);
    const request = { verb: 'send', queue, entries: messages.length, bytes, messages: originals } as const;
    return requests.run(request, () => queue.send(messages));
  }

  /** Forgets a body that has left the queue. */
  forget({ message }: Delivery): void {
    this.past.delete(message.id);
  }

  /** Fails the calls that no open request carries. */
  close(error: QueueError): void {
    this.resends.abort(error);
  }

  /** Sends some calls. Returns an error if any was not stored; a final error takes precedence. */
  private async sendSome(parts: readonly Part[], past: Past): Promise<QueueError | undefined> {
    const errors: QueueError[] = [];
    const send = async ({ at, message }: Part): Promise<void> => {
      const outcome = await this.sendOne(message);
      if (outcome.ok) past.stored.add(at);
      else errors.push(outcome.error);
    };
    await Promise.all(parts.map(send));
    const final = errors.find(({ retryable }) => !retryable);
    past.refused = final !== undefined;
    return final ?? errors[0];
  }

  private async sendOne(message: WireMessage): Promise<SendResult> {
    const outcome = await this.resends.add(message);
    const { [EVENT_ID_ATTRIBUTE]: id, ...attributes } = message.attributes ?? {};
    if (outcome.ok || !isRefusedMessage(outcome.error) || id === undefined) return outcome;
    // Attributes of other types may have used the room for the event id.
    return this.resends.add({ ...message, attributes });
  }

  private plan(message: ReceivedMessage, failed: readonly FailedCall[]): Part[] {
    const { queue, sender, codec } = this.parts;
    const rest = failed.find(({ andRest }) => andRest === true);
    // One call more than the rest may have shows that there are too many.
    const bodies = codec.split(message.body, rest && rest.at + MAX_CALLS + 1);
    return failed
      .flatMap((call) => withRest(call, bodies.length))
      .map(({ at, delaySeconds }) => ({
        at,
        message: {
          body: bodies[at]!,
          attributes: attributesOf(message, bodies[at]!, eventId(message, at, bodies.length), sender),
          original: message,
          ...(message.groupId !== undefined && { groupId: message.groupId }),
          ...(queue.features.delay && { delaySeconds }),
        },
      }));
  }
}

/** Lists a call, and the calls behind it if they share its outcome. */
function withRest(call: FailedCall, calls: number): readonly FailedCall[] {
  if (call.andRest !== true) return [call];
  return Array.from({ length: Math.max(1, calls - call.at) }, (_, i) => ({ ...call, at: call.at + i }));
}

/**
 * Returns the attributes of a call that is sent again. The event id of the call goes with it, if
 * there is room. The event id of the body never does: it would make all its calls one event.
 */
function attributesOf(
  message: ReceivedMessage,
  body: WireBody,
  event: string,
  { limits, features }: MessageSender,
): ReceivedMessage['attributes'] {
  const { attributes, otherAttributes = 0 } = message;
  const { [EVENT_ID_ATTRIBUTE]: _ofBody, ...others } = attributes;
  const identified = { ...others, [EVENT_ID_ATTRIBUTE]: event };
  const fits =
    features.attributes &&
    Object.keys(identified).length + otherAttributes <= limits.attributes &&
    messageBytes({ body, attributes: identified, original: message }) <= limits.messageBytes;
  return fits ? identified : others;
}

/** True if the queue accepts all messages, as far as their sizes and characters show. */
function areAcceptable(parts: readonly Part[], { limits }: MessageSender): boolean {
  let bytes = 0;
  return parts.every(({ message }) => {
    const { body } = message;
    const size = messageBytes(message);
    bytes += size;
    if (size > limits.messageBytes || bytes > MAX_BYTES) return false;
    return typeof body !== 'string' || forbiddenCharacter(body) === undefined;
  });
}
