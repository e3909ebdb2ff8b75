import { QueueError } from '../../../queue/queue-error.js';
import type { Defect, ReceivedMessage } from '../../../queue/wire-message.js';
import { contentOf } from '../received-message.js';
import { type FetchLimits, type PayloadStore, UnreadablePayload } from './payload-store.js';
import { isMarked, type Pointer, readPointer, RESERVED_ATTRIBUTES } from './pointer.js';

/** Pairs a message with the pointer to its body, if the body was in S3. */
export interface Fetched {
  readonly message: ReceivedMessage;
  readonly pointer?: Pointer;
}

/** Describes where the bodies of one receive come from, and how long a fetch may take. */
export interface Incoming {
  readonly queue: string;
  readonly store: Pick<PayloadStore, 'get'>;
  /** Bodies are read from these buckets only, because the sender chooses the pointer. */
  readonly buckets: ReadonlySet<string>;
  /** Limits of each fetch. */
  readonly limits: FetchLimits;
}

/**
 * Fetches the body of a message whose attributes mark a body in S3. A permanent failure becomes a
 * defect, a temporary failure becomes a fault. Neither affects other messages.
 */
export async function fetchBody(message: ReceivedMessage, incoming: Incoming): Promise<Fetched> {
  if (!isMarked(message.attributes) || message.defect !== undefined || message.fault !== undefined) return { message };
  const pointer = readPointer(String(message.body));
  if (pointer === undefined)
    return { message: broken(message, 'the attributes mark a body in S3, but the body is no pointer') };
  if (!incoming.buckets.has(pointer.bucket)) {
    return { message: broken(message, 'it names a bucket that is not listed in largePayloads.buckets') };
  }
  try {
    const body = await incoming.store.get(pointer, incoming.limits);
    return { message: complete(message, body), pointer };
  } catch (error) {
    if (error instanceof UnreadablePayload) return { message: broken(message, error.message, error.reason) };
    return { message: { ...message, fault: QueueError.from(error, incoming.queue) } };
  }
}

function complete(message: ReceivedMessage, body: string): ReceivedMessage {
  const attributes = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(message.attributes)) {
    if (!(RESERVED_ATTRIBUTES as readonly string[]).includes(name)) attributes[name] = value;
  }
  return { ...message, body, attributes, copy: message.copy ?? contentOf(message) };
}

function broken(message: ReceivedMessage, detail: string, reason: Defect['reason'] = 'bad-envelope'): ReceivedMessage {
  return { ...message, defect: { reason, detail: `the pointer to S3: ${detail}` } };
}
