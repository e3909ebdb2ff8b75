import type { ReceivedMessage } from './wire-message.js';

/** The attribute that tells why a message was dead-lettered, as JSON of {@link DeadLetterNote}. One, so that the budget of ten lasts. */
export const DEAD_LETTER_ATTRIBUTE = 'thrift-dead-letter';

/** What {@link DEAD_LETTER_ATTRIBUTE} tells. */
export interface DeadLetterNote {
  /** One of the closed list of reasons. */
  readonly reason: string;
  /** What exactly; at most 512 characters, printable ASCII. */
  readonly detail: string;
  /** The queue it could not be handled from. */
  readonly queue: string;
  readonly messageId: string;
  readonly receiveCount: number;
  /** How often it has been dead-lettered, this time included: more than 1 when it was moved back and failed again. */
  readonly count: number;
}

/**
 * The note of a message as JSON; nothing without one. Whoever may send can write a note, so that nothing is known of its values, not even
 * their types.
 */
export function readDeadLetterNote({
  attributes,
  copy,
}: Pick<ReceivedMessage, 'attributes' | 'copy'>): Readonly<Partial<Record<keyof DeadLetterNote, unknown>>> {
  try {
    const note: unknown = JSON.parse((copy?.attributes ?? attributes)[DEAD_LETTER_ATTRIBUTE] ?? '');
    return typeof note === 'object' && note !== null ? note : {};
  } catch {
    return {};
  }
}
