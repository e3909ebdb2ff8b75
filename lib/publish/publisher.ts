import type { Observer } from '../diagnostics/observer.js';
import type { EventCodec } from '../event/event-codec.js';
import type { OnewayCall } from '../event/oneway-call.js';
import { Batcher } from '../queue/batcher.js';
import { sleep, type Clock } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import type { Features, Queue, SendOutcome } from '../queue/queue.js';
import type { WireMessage } from '../queue/wire-message.js';
import { BufferFullError, PublishError } from './publish-error.js';
import type { ResolvedPublishOptions } from './publish-options.js';
import { checkMessage } from './wire-check.js';

const RETRY_MAX_MS = 5_000;

/** What travels with a call beside its arguments. */
export type SendOptions = Pick<WireMessage, 'attributes' | 'groupId' | 'deduplicationId' | 'delaySeconds'>;

/** What a {@link Publisher} is made of. */
export interface PublisherParts {
  /** Opens the queue: on the first need of it, and again when that failed. */
  readonly open: () => Promise<Queue>;
  /** What its {@link Features.body} will be: calls are encoded before it is open. */
  readonly body: Features['body'];
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly observe: Observer;
  readonly options: ResolvedPublishOptions;
}

interface Parcel {
  readonly message: WireMessage;
  readonly bytes: number;
}

interface Connection {
  readonly queue: Queue;
  readonly batcher: Batcher<Parcel, SendOutcome>;
}

/** The emitting engine: calls in, one outcome each out. What waits for the queue to open counts as buffered. */
export class Publisher {
  private connection: Promise<Connection> | undefined;
  private name = 'the queue';
  private readonly waiting = new Set<Promise<unknown>>();
  private bytes = 0;
  private closing: Promise<void> | undefined;
  private readonly cut = new AbortController();

  constructor(private readonly parts: PublisherParts) {}

  /** Opens the queue, if it is not open yet. Rejects as opening does, or when the publisher is closed. */
  async connect(): Promise<Queue> {
    if (this.closing) throw this.closed();
    return (await this.opened()).queue;
  }

  /**
   * Resolves with the message id once the queue has stored the call. The call is encoded at once, so its arguments may change afterwards.
   *
   * @throws ContractError, ThriftCodecError, PublishError before anything is sent; QueueError when the queue did not store it
   */
  async publish(call: OnewayCall, options: SendOptions = {}): Promise<string> {
    const { codec, observe } = this.parts;
    try {
      const body = codec.encodeBody(call, this.parts.body);
      // A copy: the caller may use the same object for the next call before this one is sent.
      const beside = options.attributes ? { ...options, attributes: { ...options.attributes } } : { ...options };
      const outcome = await this.buffered({ ...beside, body }, (message) => this.send(call.method, message));
      if (!outcome.ok) throw outcome.error;
      observe({ type: 'stored', queue: this.name, method: call.method, messageId: outcome.id });
      return outcome.id;
    } catch (error) {
      observe({ type: 'emit-failed', queue: this.name, method: call.method, error });
      throw error;
    }
  }

  /** Sends what waits within the flush timeout, rejects the rest, closes the queue, and takes no more. */
  close(): Promise<void> {
    return (this.closing ??= this.flush());
  }

  private async buffered<T>(message: WireMessage, send: (message: WireMessage) => Promise<T>): Promise<T> {
    const { bufferCalls, bufferBytes } = this.parts.options;
    const size = message.body.length + attributeBytes(message);
    if (this.closing) throw this.closed();
    if (this.waiting.size >= bufferCalls || this.bytes + size > bufferBytes) {
      throw new BufferFullError(this.name, this.waiting.size, this.bytes);
    }
    this.bytes += size;
    const sending = send(message);
    this.waiting.add(sending);
    try {
      return await sending;
    } finally {
      this.waiting.delete(sending);
      this.bytes -= size;
    }
  }

  private async send(method: string, message: WireMessage): Promise<SendOutcome> {
    const { queue, batcher } = await this.opened();
    if (this.cut.signal.aborted) return { ok: false, error: this.tooLate() };
    return batcher.add({ message, bytes: checkMessage(message, queue, method) });
  }

  private opened(): Promise<Connection> {
    return (this.connection ??= this.open());
  }

  private async open(): Promise<Connection> {
    try {
      const queue = await this.parts.open();
      this.name = queue.name;
      return { queue, batcher: this.createBatcher(queue) };
    } catch (error) {
      this.connection = undefined;
      throw error;
    }
  }

  private createBatcher(queue: Queue): Batcher<Parcel, SendOutcome> {
    const { clock, options } = this.parts;
    return new Batcher<Parcel, SendOutcome>({
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

  private async flush(): Promise<void> {
    const { clock, options } = this.parts;
    const connection = this.connection?.catch(() => undefined);
    const flushed = new AbortController();
    const sent = Promise.allSettled(this.waiting).then(() => flushed.abort());
    // No lingering any more.
    void connection?.then((open) => open?.batcher.idle());
    await Promise.race([sent, sleep(clock, options.flushTimeoutMs, flushed.signal)]);
    this.cut.abort();
    const open = await connection;
    open?.batcher.abort(this.tooLate());
    await open?.queue.close();
  }

  private tooLate(): QueueError {
    const message = `the client was closed before ${this.name} had stored the call`;
    return new QueueError(message, { code: 'ClientClosed', kind: 'closed', queue: this.name });
  }

  private closed(): PublishError {
    return new PublishError('closed', `the client of ${this.name} is closed; emit before close()`);
  }
}

/** About as many bytes as the attributes take; whether they are acceptable is found out later. */
function attributeBytes({ attributes = {} }: WireMessage): number {
  return Object.entries(attributes).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
}
