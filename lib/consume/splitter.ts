import { EVENT_ID_ATTRIBUTE, eventId } from '../event/event-id.js';
import type { Batcher } from '../queue/batcher.js';
import {
  forbiddenCharacter,
  messageBytes,
  type ReceivedMessage,
  type WireBody,
  type WireMessage,
} from '../queue/wire-message.js';
import type { QueueError } from '../queue/queue-error.js';
import type { Queue, SendResult } from '../queue/queue.js';
import type { FailedCall } from '../queue/settlement.js';
import type { Delivery } from './delivery.js';

/** Bodies of which something is remembered, at most. */
const MAX_BODIES = 256;
/** Calls that one split may send. */
const MAX_CALLS = 1_000;
/** Bytes that it may send. Each call has all attributes of its body, so that one message could become any number of times its size. */
const MAX_BYTES = 4_194_304;

/** What a {@link Splitter} is made of. */
export interface SplitterParts {
  readonly queue: Queue;
  /** The calls of a body, each as a body of its own. */
  readonly split: (body: WireBody) => readonly WireBody[];
  readonly resends: Batcher<WireMessage, SendResult>;
}

/** Whether all calls are in the queue again; if not, what the queue said, or nothing when it was not asked for all of them. */
export type SplitOutcome = { readonly ok: true } | { readonly ok: false; readonly error?: QueueError };

/** What is known of a body whose split has not come to its end. */
interface Past {
  /** The calls that are in the queue again, by position. */
  readonly stored: Set<number>;
  /** The queue refused one for good: it would again, and those beside it must not be stored with each delivery. */
  refused: boolean;
}

interface Part {
  readonly at: number;
  readonly message: WireMessage;
}

/**
 * Sends the failed calls of a body again, each by itself. Each of them is looked at before the first one is sent, and what is stored is
 * remembered until the body is gone: one body must not become more messages with each of its deliveries.
 */
export class Splitter {
  private readonly past = new Map<string, Past>();

  constructor(private readonly parts: SplitterParts) {}

  /** Sends no more of them once the lease is lost: whoever has the body now sends them as well. */
  async send({ message, lease }: Delivery, failed: readonly FailedCall[]): Promise<SplitOutcome> {
    const past = this.past.get(message.id) ?? { stored: new Set(), refused: false };
    if (past.refused || failed.length > MAX_CALLS) return { ok: false };
    const parts = this.plan(message, failed);
    if (!areAcceptable(parts, this.parts.queue)) return { ok: false };
    this.remember(message.id, past);
    const left = parts.filter(({ at }) => !past.stored.has(at));
    const size = this.parts.queue.limits.batchEntries;
    for (let i = 0; i < left.length; i += size) {
      if (lease.lost) return { ok: false };
      const error = await this.sendSome(left.slice(i, i + size), past);
      if (error) return { ok: false, error };
    }
    return { ok: true };
  }

  /** To be told when a body is gone. */
  forget({ message }: Delivery): void {
    this.past.delete(message.id);
  }

  /** What the queue said of one that it did not take, for good if that is among it. */
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
    const { resends } = this.parts;
    const outcome = await resends.add(message);
    const { [EVENT_ID_ATTRIBUTE]: id, ...attributes } = message.attributes ?? {};
    if (outcome.ok || outcome.error.kind !== 'invalid' || id === undefined) return outcome;
    // Attributes that are no text take room as well, of which nobody but the queue knows how much.
    return resends.add({ ...message, attributes });
  }

  private plan(message: ReceivedMessage, failed: readonly FailedCall[]): Part[] {
    const { queue, split } = this.parts;
    const bodies = split(message.body);
    return failed.map(({ at, delaySeconds }) => ({
      at,
      message: {
        body: bodies[at]!,
        attributes: attributesOf(message, bodies[at]!, eventId(message, at, bodies.length), queue),
        original: message,
        ...(message.groupId !== undefined && { groupId: message.groupId }),
        ...(queue.features.delay && { delaySeconds }),
      },
    }));
  }

  private remember(id: string, past: Past): void {
    this.past.delete(id);
    this.past.set(id, past);
    if (this.past.size > MAX_BODIES) this.past.delete(this.past.keys().next().value!);
  }
}

/**
 * The attributes of a call that is sent again by itself: it stays the event that it was in its body. Where there is no room to say so it
 * has no such attribute, rather than that of the body, which would make all of its calls one event.
 */
function attributesOf(
  message: ReceivedMessage,
  body: WireBody,
  event: string,
  { limits }: Queue,
): ReceivedMessage['attributes'] {
  const { attributes, otherAttributes = 0 } = message;
  const { [EVENT_ID_ATTRIBUTE]: _ofBody, ...others } = attributes;
  const identified = { ...others, [EVENT_ID_ATTRIBUTE]: event };
  const fits =
    Object.keys(identified).length + otherAttributes <= limits.attributes &&
    messageBytes({ body, attributes: identified, original: message }) <= limits.messageBytes;
  return fits ? identified : others;
}

/** Whether the queue would take all of them, as far as can be told without asking. What it held of them before is not looked at again. */
function areAcceptable(parts: readonly Part[], { limits }: Queue): boolean {
  let bytes = 0;
  return parts.every(({ message }) => {
    const { body } = message;
    const size = messageBytes(message);
    bytes += size;
    if (size > limits.messageBytes || bytes > MAX_BYTES) return false;
    return typeof body !== 'string' || forbiddenCharacter(body) === undefined;
  });
}
