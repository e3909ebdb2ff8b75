import type { ReceivedMessage } from './wire-message.js';

/**
 * Name of the attribute that holds the {@link DeadLetterNote} of a dead letter as JSON. A single
 * attribute leaves room for the sender's, since SQS accepts ten.
 *
 * @publicApi
 */
export const DEAD_LETTER_ATTRIBUTE = 'thrift-dead-letter';

/**
 * Describes why a message was dead-lettered.
 *
 * @publicApi
 */
export interface DeadLetterNote {
  /** Reason of the rejection, from a closed list. */
  readonly reason: string;
  /** Details of the reason: at most 512 characters of printable ASCII. */
  readonly detail: string;
  /** Name of the queue that delivered the message. */
  readonly queue: string;
  readonly messageId: string;
  readonly receiveCount: number;
  /**
   * Number of times the message was dead-lettered. Above 1 if the message was moved back and failed
   * again.
   */
  readonly count: number;
}

/**
 * Reads the note of a message. Returns an empty object without a note. Any sender can write a note,
 * so its values may have any type.
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
