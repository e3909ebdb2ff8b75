import type { Queue } from '../queue/queue.js';
import { DEAD_LETTER_ATTRIBUTE, type DeadLetterNote, readDeadLetterNote } from '../queue/dead-letter-note.js';
import { messageBytes, type ReceivedMessage, type WireMessage } from '../queue/wire-message.js';
import type { Settlement } from '../queue/settlement.js';

/**
 * What becomes of a message that can never be handled.
 *
 * - `redrive`: release it, and let the queue's own redrive policy move it. Loses nothing; without a redrive policy the message comes
 *   back, ever more slowly, until the queue's retention ends.
 * - `dead-letter`: copy it to `deadLetters` with the reason, then remove it; it stays when the copy is not accepted, and when it has been
 *   there `max` times: a message that is moved back unmended would go round for ever. In a queue that keeps an order it is copied each
 *   time: one that stays would hold up its group for ever, and one that goes round does so only as often as somebody moves it.
 * - `drop`: remove it. It is lost, but counted and logged.
 */
export type PoisonPolicy =
  | { readonly type: 'redrive' }
  | { readonly type: 'dead-letter'; readonly deadLetters: Queue; readonly max: number }
  | { readonly type: 'drop' };

const MAX_COUNT = 1_000_000;

/**
 * How often a message has been dead-lettered so far, as its note tells; 0 without one, also where there was no room for it: a moved
 * message is a new one to its queue, so nothing else would tell. Whoever may send can write such a note: one that claims too much keeps
 * its own message from being dead-lettered, and nothing else, since in a queue that keeps an order no count does.
 */
export function deadLetterCount(message: ReceivedMessage): number {
  const { count } = readDeadLetterNote(message);
  return typeof count === 'number' && count >= 1 ? Math.min(Math.floor(count), MAX_COUNT) : 0;
}

/** The copy of a rejected message: as it was in the queue, with the same body, group and attributes of every type, and why, if there is room for that. */
export function deadLetter(
  message: ReceivedMessage,
  settlement: Settlement & { type: 'reject' },
  source: Queue,
  target: Queue,
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
  const { body } = content;
  const plain = withoutNote({ body, original: message, attributes: content.attributes });
  const withNote = (told: DeadLetterNote): WireMessage => ({
    ...plain,
    attributes: { ...plain.attributes, [DEAD_LETTER_ATTRIBUTE]: JSON.stringify(told) },
  });
  // The sender's part is worth more than ours, and a copy that is too large would never be accepted. Of ours the count is worth most.
  const { limits } = target;
  const taken = Object.keys(plain.attributes).length + (content.otherAttributes ?? 0);
  const noted =
    taken < limits.attributes
      ? [withNote(note), withNote({ ...note, detail: '' })].find((copy) => messageBytes(copy) <= limits.messageBytes)
      : undefined;
  return {
    ...(noted ?? plain),
    ...(message.groupId !== undefined && { groupId: message.groupId }),
    ...(target.features.ordered && { groupId: message.groupId ?? message.id, deduplicationId: message.id }),
  };
}

/** The same copy without telling why. */
export function withoutNote({
  attributes = {},
  ...copy
}: WireMessage): WireMessage & Required<Pick<WireMessage, 'attributes'>> {
  const { [DEAD_LETTER_ATTRIBUTE]: _note, ...others } = attributes;
  return { ...copy, attributes: others };
}
