import type { MessageSnapshot } from '../../carriers/memory/message-snapshot.js';
import type { OnewayCall } from '../../event/contract.js';
import type { EventCodec } from '../../event/event-codec.js';
import { type DeadLetterNote, readDeadLetterNote } from '../../queue/dead-letter-note.js';

/**
 * Shows a message of a dead-letter queue, decoded.
 *
 * @publicApi
 */
export interface DeadLetter {
  /** Id of the message in the dead-letter queue. */
  readonly id: string;
  /** The calls of the body, as handlers would get them. Empty if the body cannot be decoded. */
  readonly calls: readonly OnewayCall[];
  /** Explains why the body cannot be decoded. */
  readonly decodeError?: Error;
  /**
   * The reason of the rejection. Empty if the redrive policy moved the message, which gives no
   * reason.
   */
  readonly note: Partial<DeadLetterNote>;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly groupId?: string;
  readonly receiveCount: number;
}

/** Decodes a message of a dead-letter queue. Never throws. */
export function readDeadLetter(message: MessageSnapshot, codec: EventCodec): DeadLetter {
  const { id, body, attributes, groupId, receiveCount } = message;
  return {
    id,
    ...decode(body, codec),
    // A test reads its own messages, so the values have the types of the note.
    note: readDeadLetterNote(message) as Partial<DeadLetterNote>,
    body,
    attributes,
    ...(groupId !== undefined && { groupId }),
    receiveCount,
  };
}

function decode(body: string, codec: EventCodec): Pick<DeadLetter, 'calls' | 'decodeError'> {
  try {
    return { calls: codec.decode(body) };
  } catch (error) {
    return { calls: [], decodeError: error as Error };
  }
}
