import { checkResults } from '../queue/check-results.js';
import { isRefusedMessage, QueueError } from '../queue/queue-error.js';
import type { RequestFollower } from '../diagnostics/request-follower.js';
import type { EntryResult, MessageReceiver, MessageSender, SendResult } from '../queue/queue.js';
import { DEAD_LETTER_ATTRIBUTE, type DeadLetterNote, readDeadLetterNote } from '../queue/dead-letter-note.js';
import {
  type Content,
  messageBytes,
  type ReceivedMessage,
  type WireBody,
  type WireMessage,
} from '../queue/wire-message.js';
import type { Settlement } from '../queue/settlement.js';

/**
 * Decides about a message that can never be handled.
 *
 * - `redrive`: releases the message, and the queue's own redrive policy moves it. Loses nothing.
 *   Without a redrive policy the message comes back, ever more slowly, until its retention ends.
 * - `dead-letter`: copies the message to `deadLetters` with the reason, then discards it. The
 *   message stays if the copy is not stored, or if it was dead-lettered `max` times before. Otherwise
 *   a message that is moved back unfixed would circulate forever. On an ordered queue there is no
 *   maximum, since a message that stays would block its group.
 * - `drop`: discards the message. It is lost, but counted and logged.
 */
export type PoisonPolicy =
  | { readonly type: 'redrive' }
  | { readonly type: 'dead-letter'; readonly deadLetters: MessageSender; readonly max: number }
  | { readonly type: 'drop' };

const MAX_COUNT = 1_000_000;

/**
 * Returns how often a message was dead-lettered before, according to its note. Returns 0 without a
 * note. A moved message is new to its queue, so only the note knows. Any sender can write a note: a
 * false count only keeps its own message from being dead-lettered.
 */
export function deadLetterCount(message: ReceivedMessage): number {
  const { count } = readDeadLetterNote(message);
  return typeof count === 'number' && count >= 1 ? Math.min(Math.floor(count), MAX_COUNT) : 0;
}

/**
 * Creates the copy of a rejected message for the dead-letter queue. Body, group and attributes of
 * every type stay the same, but a queue of text gets bytes as base64. The note with the reason is
 * added if there is room.
 */
export function deadLetter(
  message: ReceivedMessage,
  settlement: Settlement & { type: 'reject' },
  source: MessageReceiver,
  target: MessageSender,
): WireMessage {
  const note: DeadLetterNote = {
    reason: settlement.reason,
    detail: (settlement.detail ?? '').slice(0, 512).replace(/[^\x20-\x7e]/g, '?'),
    queue: source.name,
    messageId: message.id,
    receiveCount: message.receiveCount,
    count: deadLetterCount(message) + 1,
  };
  const content = message.copy ?? message;
  const plain = withoutNote(plainCopy(message, content, source, target));
  const withNote = (added: DeadLetterNote): WireMessage => ({
    ...plain,
    attributes: { ...plain.attributes, [DEAD_LETTER_ATTRIBUTE]: JSON.stringify(added) },
  });
  // The sender's attributes matter more than the note, and the count is its most important part.
  const { limits, features } = target;
  const taken = Object.keys(plain.attributes).length + (content.otherAttributes ?? 0);
  const noted =
    features.attributes && taken < limits.attributes
      ? [withNote(note), withNote({ ...note, detail: '' })].find((copy) => messageBytes(copy) <= limits.messageBytes)
      : undefined;
  return {
    ...(noted ?? plain),
    ...(message.groupId !== undefined && { groupId: message.groupId }),
    ...(target.features.ordered && { groupId: message.groupId ?? message.id, deduplicationId: message.id }),
  };
}

/** Creates a copy with the note of the original, if there is one. */
function plainCopy(
  original: ReceivedMessage,
  { body, attributes }: Content,
  source: MessageReceiver,
  target: MessageSender,
): WireMessage {
  const copy = { body: bodyFor(target, body), attributes };
  // In a message of another kind the target would not find what it copies by itself.
  return source.features.body === target.features.body ? { ...copy, original } : copy;
}

/** Returns a body in the form that a queue takes. */
function bodyFor({ features }: MessageSender, body: WireBody): WireBody {
  if (features.body === 'bytes' || typeof body === 'string') return body;
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
}

/** Removes the note from a copy. */
function withoutNote({
  attributes = {},
  ...copy
}: WireMessage): WireMessage & { readonly attributes: Readonly<Record<string, string>> } {
  const { [DEAD_LETTER_ATTRIBUTE]: _note, ...others } = attributes;
  return { ...copy, attributes: others };
}

/** Sends the copy of a rejected message to the dead-letter queue. Never rejects. */
export async function sendDeadLetter(
  message: ReceivedMessage,
  settlement: Settlement & { type: 'reject' },
  source: MessageReceiver,
  target: MessageSender,
  requests: RequestFollower,
): Promise<EntryResult> {
  const copy = deadLetter(message, settlement, source, target);
  const send = (sent: WireMessage): Promise<EntryResult> =>
    sendCopy(sent, target, (run) => {
      const about = {
        verb: 'send',
        queue: target,
        entries: 1,
        bytes: messageBytes(sent),
        messages: [message],
      } as const;
      return requests.run(about, run);
    });
  const result = await send(copy);
  // The note may make the copy unacceptable. The message matters more than the note.
  return !result.ok && isRefusedMessage(result.error) ? send(withoutNote(copy)) : result;
}

type Sending = () => Promise<readonly SendResult[]>;

async function sendCopy(
  copy: WireMessage,
  target: MessageSender,
  observed: (run: Sending) => ReturnType<Sending>,
): Promise<EntryResult> {
  try {
    const [result] = checkResults<EntryResult>(await observed(() => target.send([copy])), target.name);
    if (!result) throw new Error('the answer has no entry for the copy');
    return result;
  } catch (error) {
    return { ok: false, error: QueueError.from(error, target.name) };
  }
}
