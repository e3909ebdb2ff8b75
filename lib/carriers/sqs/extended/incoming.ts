import { QueueError } from '../../../queue/queue-error.js';
import type { Defect, ReceivedMessage } from '../../../queue/wire-message.js';
import { contentOf } from '../received-message.js';
import { withDeadline } from '../request-deadline.js';
import { type PayloadStore, UnreadablePayload } from './payload-store.js';
import { isMarked, type Pointer, readPointer, RESERVED_ATTRIBUTES } from './pointer.js';

/** Pairs a message with the pointer to its body, if the body was in S3. */
export interface Fetched {
  readonly message: ReceivedMessage;
  readonly pointer?: Pointer;
}

export interface Incoming {
  readonly queue: string;
  readonly arrivals: Arrivals;
  /** Bodies are read from these buckets only, because the sender chooses the pointer. */
  readonly buckets: ReadonlySet<string>;
}

/**
 * Fetches the body of a message whose attributes mark a body in S3. A permanent failure becomes a
 * defect, a temporary failure becomes a fault. Neither affects other messages.
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

/**
 * Limits pending bodies to the size of one receive. A pending body is still loading, or waits for
 * the next delivery of its message.
 */
const MOST_COMING = 10;

/**
 * Time for which a late body is kept. The first deliveries of a message follow each other within
 * seconds. Later another worker may have the message.
 */
const KEPT_MS = 60_000;

/** Limits the time for loading a body, in milliseconds. */
export interface Wait {
  /** Limit for one receive. All messages of the receive wait together. */
  readonly waitMs: number;
  /** Limit for the whole load. */
  readonly ms: number;
}

/** Tracks a body that is still loading, or waits for its message. */
interface Coming {
  readonly location: string;
  readonly body: Promise<string>;
  expiry: NodeJS.Timeout | undefined;
}

/**
 * Loads bodies from S3. A late body keeps loading, so the next delivery of its message finds the
 * body. A slow body delays other messages only briefly, and is still read.
 */
export class Arrivals {
  private readonly coming = new Map<string, Coming>();

  constructor(
    private readonly store: Pick<PayloadStore, 'get'>,
    private readonly queue: string,
  ) {}

  /** Rejects as {@link PayloadStore.get} does, or with the code `PayloadLate` after `waitMs`. */
  async get(pointer: Pointer, wait: Wait): Promise<string> {
    const location = JSON.stringify([pointer.bucket, pointer.key]);
    const coming = this.coming.get(location) ?? this.begin(location, pointer, wait);
    const late = (): Error => {
      this.keep(coming);
      return this.tooLate(wait);
    };
    const body = await withDeadline({ ms: wait.waitMs, late }, () => coming.body);
    this.forget(coming);
    return body;
  }

  close(): void {
    for (const coming of this.coming.values()) this.forget(coming);
  }

  private begin(location: string, pointer: Pointer, { ms, waitMs }: Wait): Coming {
    const room = this.coming.size < MOST_COMING;
    const coming: Coming = {
      location,
      body: this.store.get(pointer, room ? ms : waitMs),
      expiry: undefined,
    };
    if (room) {
      this.coming.set(location, coming);
      coming.body.catch(() => this.forget(coming));
    }
    return coming;
  }

  private keep(coming: Coming): void {
    if (this.coming.get(coming.location) !== coming) return;
    clearTimeout(coming.expiry);
    coming.expiry = setTimeout(() => this.forget(coming), KEPT_MS);
    coming.expiry.unref();
  }

  private forget(coming: Coming): void {
    clearTimeout(coming.expiry);
    if (this.coming.get(coming.location) === coming) this.coming.delete(coming.location);
  }

  private tooLate({ waitMs }: Wait): QueueError {
    const message = `S3 has not handed out the body of a message of the queue "${this.queue}" within ${waitMs} ms. It goes on coming; the message is tried again.`;
    return new QueueError(message, { code: 'PayloadLate', kind: 'network', queue: this.queue });
  }
}
