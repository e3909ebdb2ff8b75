import type { Observer } from '../diagnostics/observer.js';
import type { EventCodec } from '../event/event-codec.js';
import type { OnewayCall } from '../event/oneway-call.js';
import { Batcher } from '../queue/batcher.js';
import { sleep, type Clock } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import type { Queue, SendOutcome } from '../queue/queue.js';
import type { WireBody, WireMessage } from '../queue/wire-message.js';
import { BufferFullError, PublishError } from './publish-error.js';
import type { ResolvedPublishOptions } from './publish-options.js';
import { checkMessage } from './wire-check.js';

const RETRY_MAX_MS = 5_000;

/** What travels with a call beside its arguments. */
export type SendOptions = Pick<WireMessage, 'attributes' | 'groupId' | 'deduplicationId' | 'delaySeconds'>;

/** What a {@link Publisher} is made of. */
export interface PublisherParts {
  readonly queue: Queue;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly observe: Observer;
  readonly options: ResolvedPublishOptions;
}

interface Parcel {
  readonly message: WireMessage;
  readonly bytes: number;
}

/** The emitting engine: calls in, one outcome each out. */
export class Publisher {
  private readonly batcher: Batcher<Parcel, SendOutcome>;
  private calls = 0;
  private bytes = 0;
  private closing: Promise<void> | undefined;

  constructor(private readonly parts: PublisherParts) {
    const { queue, clock, options } = parts;
    this.batcher = new Batcher<Parcel, SendOutcome>({
      queue: queue.name,
      clock,
      run: (parcels) => queue.send(parcels.map((parcel) => parcel.message)),
      maxEntries: queue.limits.batchEntries,
      maxBytes: queue.limits.batchBytes,
      sizeOf: (parcel) => parcel.bytes,
      // Two requests in flight may arrive in either order, so a group of an ordered queue has one at a time.
      keyOf: (parcel) => (queue.features.ordered ? parcel.message.groupId : undefined),
      maxInFlight: options.maxInFlight,
      lingerMs: options.lingerMs,
      maxAttempts: options.maxAttempts,
      retryBaseMs: options.retryBaseMs,
      retryMaxMs: RETRY_MAX_MS,
    });
  }

  /**
   * Resolves with the message id once the queue has stored the call.
   *
   * @throws ContractError, ThriftCodecError, PublishError before anything is sent; QueueError when the queue did not store it
   */
  async publish(call: OnewayCall, options: SendOptions = {}): Promise<string> {
    const { queue, codec, observe } = this.parts;
    try {
      const parcel = this.pack(call, codec.encodeBody(call, queue.features.body), options);
      const outcome = await this.store(parcel);
      if (!outcome.ok) throw outcome.error;
      observe({ type: 'stored', queue: queue.name, method: call.method, messageId: outcome.id });
      return outcome.id;
    } catch (error) {
      observe({ type: 'emit-failed', queue: queue.name, method: call.method, error });
      throw error;
    }
  }

  /** Sends what waits within the flush timeout, rejects the rest, and takes no more. Does not close the queue. */
  close(): Promise<void> {
    return (this.closing ??= this.flush());
  }

  private pack(call: OnewayCall, body: WireBody, options: SendOptions): Parcel {
    const { queue, options: limits } = this.parts;
    // A copy: the caller may use the same object for the next call before this one is sent.
    const attributes = options.attributes && { attributes: { ...options.attributes } };
    const message: WireMessage = { ...options, ...attributes, body };
    const size = checkMessage(message, queue, call.method);
    if (this.closing) throw this.closed();
    if (this.calls >= limits.bufferCalls || this.bytes + size > limits.bufferBytes) {
      throw new BufferFullError(queue.name, this.calls, this.bytes);
    }
    return { message, bytes: size };
  }

  private async store(parcel: Parcel): Promise<SendOutcome> {
    this.calls += 1;
    this.bytes += parcel.bytes;
    try {
      return await this.batcher.add(parcel);
    } finally {
      this.calls -= 1;
      this.bytes -= parcel.bytes;
    }
  }

  private async flush(): Promise<void> {
    const { clock, queue, options } = this.parts;
    const flushed = new AbortController();
    const idle = this.batcher.idle().then(() => flushed.abort());
    await Promise.race([idle, sleep(clock, options.flushTimeoutMs, flushed.signal)]);
    const message = `the client was closed before ${queue.name} had stored the call`;
    this.batcher.abort(new QueueError(message, { code: 'ClientClosed', kind: 'closed', queue: queue.name }));
  }

  private closed(): PublishError {
    return new PublishError('closed', `the client of ${this.parts.queue.name} is closed; emit before close()`);
  }
}
