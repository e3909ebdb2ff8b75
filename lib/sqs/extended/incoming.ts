import { QueueError } from '../../queue/queue-error.js';
import type { Defect, ReceivedMessage } from '../../queue/wire-message.js';
import { contentOf } from '../content-of.js';
import type { Arrivals, Wait } from './arrivals.js';
import { UnreadablePayload } from './payload-store.js';
import { isMarked, readPointer, RESERVED_ATTRIBUTES, type Pointer } from './pointer.js';

/** A message with its own body, and where that was, if it was in S3. */
export interface Fetched {
  readonly message: ReceivedMessage;
  readonly pointer?: Pointer;
}

/** What is needed to get bodies. */
export interface Incoming {
  readonly queue: string;
  readonly arrivals: Arrivals;
  /** Only from these is anything read: whoever sends chooses the pointer. */
  readonly buckets: ReadonlySet<string>;
}

/**
 * Gets the body of a message that says that it is in S3. What cannot be read has a defect, and what could not be read this time a fault;
 * neither is of any consequence to other messages.
 */
export async function fetchBody(message: ReceivedMessage, wait: Wait, incoming: Incoming): Promise<Fetched> {
  if (!isMarked(message.attributes) || message.defect !== undefined || message.fault !== undefined) return { message };
  const pointer = readPointer(String(message.body));
  if (pointer === undefined) return { message: broken(message, 'it is marked as one in S3 and has no pointer to it') };
  if (!incoming.buckets.has(pointer.bucket)) {
    return { message: broken(message, 'its body is in a bucket that is none of largePayloads.buckets') };
  }
  try {
    const body = await incoming.arrivals.get(pointer, wait);
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
