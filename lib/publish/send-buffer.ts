import { Batcher } from '../queue/batcher.js';
import { backoff, type Clock, sleep } from '../queue/clock.js';
import { QueueError, type QueueErrorKind } from '../queue/queue-error.js';
import type { SendResult, MessageSender } from '../queue/queue.js';
import {
  identify,
  type PendingCall,
  type OutgoingMessage,
  type SendOptions,
  singleCallMessage,
} from './outgoing-message.js';
import { CallPacker, type Wrapping } from './call-packer.js';
import { BufferFullError, PublishError } from './publish-error.js';
import type { ResolvedPublishOptions } from './publish-options.js';
import { checkMessage } from './wire-check.js';

const RETRY_MAX_MS = 5_000;

/** What may pass by itself while a queue is being opened; anything else is for a person to mend. */
const OPEN_AGAIN: ReadonlySet<QueueErrorKind> = new Set(['network', 'service', 'throttled']);
/** No call waits longer than this for its queue to open. */
const OPEN_WITHIN_MS = 4_500;

/** How long a body takes calls beyond its lingering: long enough to fill many during an outage, and short beside any useful `deliveryTimeoutMs`. */
const GROWS_MS = 1_000;

/** How a pending call ended: as the queue said, or before the queue was asked. */
export type CallResult = SendResult | { readonly ok: false; readonly error: Error };

/** What an {@link SendBuffer} is made of. */
export interface SendBufferParts {
  /** Opens what is sent through: on the first need of it, and again when that failed. */
  readonly open: () => Promise<MessageSender>;
  readonly clock: Clock;
  readonly options: ResolvedPublishOptions;
  /** Called once with the end of each pending call. Must not throw. */
  readonly ended?: (method: string, result: CallResult) => void;
  /** For pending calls that may share a body. */
  readonly wrapping?: Wrapping;
}

interface Connection {
  readonly sender: MessageSender;
  readonly batcher: Batcher<OutgoingMessage, SendResult>;
  readonly ship: (outgoing: OutgoingMessage) => Promise<string>;
  readonly packer: CallPacker | undefined;
}

/** Messages for one queue or topic on their way: bounded, checked, gathered into requests, each ended once. */
export class SendBuffer {
  private connection: Promise<Connection> | undefined;
  private current: Connection | undefined;
  private calls = 0;
  private bytes = 0;
  private empty: (() => void) | undefined;
  private closing: Promise<void> | undefined;
  private readonly cut = new AbortController();

  constructor(private readonly parts: SendBufferParts) {}

  /** The name of the queue, once it is open. */
  get name(): string {
    return this.current?.sender.name ?? 'the queue';
  }

  /** Opens the queue, if it is not open yet. Rejects as opening does, or when the send buffer is closed. */
  async connect(): Promise<MessageSender> {
    if (this.closing) throw this.closed();
    return (await this.opened()).sender;
  }

  /**
   * Resolves with the message id once the call is stored. May be left alone: a rejection that nobody looks at is none of the process.
   * Rejects with PublishError before anything is sent, with QueueError when the queue did not store it.
   */
  post(pendingCall: PendingCall): Promise<string> {
    const { bufferCalls, bufferBytes } = this.parts.options;
    const bytes = bytesOf(pendingCall);
    this.calls += 1;
    this.bytes += bytes;
    if (this.closing) return this.refuse(pendingCall, this.closed());
    if (this.calls > bufferCalls || this.bytes > bufferBytes) {
      return this.refuse(pendingCall, new BufferFullError(this.name, this.calls - 1, this.bytes - bytes));
    }
    if (this.current) return this.hand(pendingCall, this.current);
    return quiet(
      this.opened().then(
        (connection) => this.hand(pendingCall, connection),
        (error: Error) => this.refuse(pendingCall, error),
      ),
    );
  }

  /** Sends what waits within the flush timeout, rejects the rest, closes the queue, and takes no more. */
  close(): Promise<void> {
    return (this.closing ??= this.flush());
  }

  private hand(pendingCall: PendingCall, { sender, packer, ship }: Connection): Promise<string> {
    if (this.cut.signal.aborted) return this.refuse(pendingCall, this.tooLate());
    try {
      const { method, beside, content } = pendingCall;
      if (typeof content === 'object' && 'call' in content) return packer!.add(pendingCall, content.call);
      const message = { ...this.identified(beside, sender), body: content };
      return ship(singleCallMessage(pendingCall, message, checkMessage(message, sender, method)));
    } catch (error) {
      return this.refuse(pendingCall, error as Error);
    }
  }

  private identified(beside: SendOptions, { limits }: MessageSender): SendOptions {
    return this.parts.options.eventIds ? identify(beside, limits.attributes) : beside;
  }

  private refuse(pendingCall: PendingCall, error: Error): Promise<never> {
    this.end(pendingCall, { ok: false, error });
    return quiet(Promise.reject(error));
  }

  private end(pendingCall: PendingCall, result: CallResult): void {
    this.calls -= 1;
    this.bytes -= bytesOf(pendingCall);
    this.parts.ended?.(pendingCall.method, result);
    if (this.calls === 0) this.empty?.();
  }

  private opened(): Promise<Connection> {
    if (!this.connection) {
      this.connection = this.open();
      // The first to hear of it: what waits for the same promise is handed over before anything that comes later.
      this.connection.then(
        (connection) => (this.current = connection),
        () => (this.connection = undefined),
      );
    }
    return this.connection;
  }

  private async open(): Promise<Connection> {
    const { clock, options } = this.parts;
    const startedAt = clock.now();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.connectionOf(await this.parts.open());
      } catch (error) {
        const again = error instanceof QueueError && OPEN_AGAIN.has(error.kind) && !this.cut.signal.aborted;
        const pause = backoff(attempt, { baseMs: options.retryBaseMs, maxMs: RETRY_MAX_MS });
        const late = clock.now() + pause - startedAt >= OPEN_WITHIN_MS;
        if (!again || late || attempt + 1 >= options.maxAttempts) throw error;
        await sleep(clock, pause, this.cut.signal);
      }
    }
  }

  private async connectionOf(sender: MessageSender): Promise<Connection> {
    const { clock, options, wrapping } = this.parts;
    const { pack } = options;
    if (pack && sender.features.ordered) {
      await sender.close();
      throw new PublishError(
        'pack-refused',
        `${sender.name} is a FIFO queue or topic, where order and deduplication are by message: calls cannot share one; leave out pack`,
      );
    }
    const batcher = new Batcher<OutgoingMessage, SendResult>({
      queue: sender.name,
      clock,
      run: (batch) => sender.send(batch.map((outgoing) => outgoing.seal())),
      maxEntries: sender.limits.batchEntries,
      maxBytes: sender.limits.batchBytes,
      sizeOf: (outgoing) => outgoing.bytes,
      keyOf: ({ groupId }) => (sender.features.ordered ? groupId : undefined),
      oneOfKey: options.strictOrder,
      grownAt: (outgoing) => outgoing.grownAt,
      maxInFlight: options.maxInFlight,
      lingerMs: pack?.lingerMs ?? options.lingerMs,
      maxAttempts: options.maxAttempts,
      deliveryTimeoutMs: options.deliveryTimeoutMs,
      retryBaseMs: options.retryBaseMs,
      retryMaxMs: RETRY_MAX_MS,
    });
    const ship = (outgoing: OutgoingMessage): Promise<string> =>
      quiet(
        batcher.add(outgoing).then((result) => {
          outgoing.close();
          for (const pendingCall of outgoing.pendingCalls) this.end(pendingCall, result);
          if (result.ok) return result.id;
          throw result.error;
        }),
      );
    const packer =
      pack && wrapping
        ? new CallPacker({
            ...wrapping,
            sender,
            ship,
            clock,
            growsMs: pack.lingerMs + GROWS_MS,
            maxBytes: pack.maxBytes,
            identified: (beside) => this.identified(beside, sender),
          })
        : undefined;
    return { sender, batcher, ship, packer };
  }

  private async flush(): Promise<void> {
    const { clock, options } = this.parts;
    const connection = this.connection?.catch(() => undefined);
    const flushed = new AbortController();
    const sent = this.calls === 0 ? undefined : new Promise<void>((resolve) => (this.empty = resolve));
    void (sent ?? Promise.resolve()).then(() => flushed.abort());
    // No lingering any more.
    void connection?.then((open) => open?.batcher.idle());
    await Promise.race([sent, sleep(clock, options.flushTimeoutMs, flushed.signal)]);
    this.cut.abort();
    const open = await connection;
    open?.batcher.abort(this.tooLate());
    await open?.sender.close();
  }

  private tooLate(): QueueError {
    const message = `the client was closed before ${this.name} had stored the call`;
    return new QueueError(message, { code: 'ClientClosed', kind: 'closed', queue: this.name });
  }

  private closed(): PublishError {
    return new PublishError('closed', `the client of ${this.name} is closed; emit before close()`);
  }
}

/** About as many bytes as it takes; whether it is acceptable is found out later. */
function bytesOf({ beside: { attributes }, content }: PendingCall): number {
  const { length } = typeof content === 'object' && 'call' in content ? content.call : content;
  if (!attributes) return length;
  return Object.entries(attributes).reduce((sum, [name, value]) => sum + name.length + String(value).length, length);
}

/** Marks a rejection as seen: one that nobody looks at is an event to the transport's listeners, not the end of the process. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
