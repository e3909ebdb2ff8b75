import { Batcher } from '../queue/batcher.js';
import { backoff, type Clock, sleep } from '../queue/clock.js';
import { QueueError, type QueueErrorKind } from '../queue/queue-error.js';
import type { SendOutcome, SendPort } from '../queue/queue.js';
import { identify, type Letter, type Parcel, type SendOptions, whole } from './outgoing-message.js';
import { Packer, type Wrapping } from './call-packer.js';
import { BufferFullError, PublishError } from './publish-error.js';
import type { ResolvedPublishOptions } from './publish-options.js';
import { checkMessage } from './wire-check.js';

const RETRY_MAX_MS = 5_000;

/** What may pass by itself while a queue is being opened; anything else is for a person to mend. */
const OPEN_AGAIN: ReadonlySet<QueueErrorKind> = new Set(['network', 'service', 'throttled']);
/** No call waits longer than this for its queue to open. */
const OPEN_WITHIN_MS = 4_500;

/** How long a body takes calls beyond its lingering: long enough to fill many during an outage, and short beside any useful `giveUpAfterMs`. */
const GROWS_MS = 1_000;

/** How a letter ended: as the queue said, or before the queue was asked. */
export type Ending = SendOutcome | { readonly ok: false; readonly error: Error };

/** What an {@link Outbox} is made of. */
export interface OutboxParts {
  /** Opens what is sent through: on the first need of it, and again when that failed. */
  readonly open: () => Promise<SendPort>;
  readonly clock: Clock;
  readonly options: ResolvedPublishOptions;
  /** Told of the end of each letter, once. Must not throw. */
  readonly ended?: (method: string, ending: Ending) => void;
  /** For letters that are calls. */
  readonly wrapping?: Wrapping;
}

interface Connection {
  readonly port: SendPort;
  readonly batcher: Batcher<Parcel, SendOutcome>;
  readonly ship: (parcel: Parcel) => Promise<string>;
  readonly packer: Packer | undefined;
}

/** Messages for one queue or topic on their way: bounded, checked, gathered into requests, each ended once. */
export class Outbox {
  private connection: Promise<Connection> | undefined;
  private current: Connection | undefined;
  private calls = 0;
  private bytes = 0;
  private empty: (() => void) | undefined;
  private closing: Promise<void> | undefined;
  private readonly cut = new AbortController();

  constructor(private readonly parts: OutboxParts) {}

  /** The name of the queue, once it is open. */
  get name(): string {
    return this.current?.port.name ?? 'the queue';
  }

  /** Opens the queue, if it is not open yet. Rejects as opening does, or when the outbox is closed. */
  async connect(): Promise<SendPort> {
    if (this.closing) throw this.closed();
    return (await this.opened()).port;
  }

  /**
   * Resolves with the message id once the letter is stored. May be left alone: a rejection that nobody looks at is none of the process.
   * Rejects with PublishError before anything is sent, with QueueError when the queue did not store it.
   */
  post(letter: Letter): Promise<string> {
    const { bufferCalls, bufferBytes } = this.parts.options;
    const bytes = bytesOf(letter);
    this.calls += 1;
    this.bytes += bytes;
    if (this.closing) return this.refuse(letter, this.closed());
    if (this.calls > bufferCalls || this.bytes > bufferBytes) {
      return this.refuse(letter, new BufferFullError(this.name, this.calls - 1, this.bytes - bytes));
    }
    if (this.current) return this.hand(letter, this.current);
    return quiet(
      this.opened().then(
        (connection) => this.hand(letter, connection),
        (error: Error) => this.refuse(letter, error),
      ),
    );
  }

  /** Sends what waits within the flush timeout, rejects the rest, closes the queue, and takes no more. */
  close(): Promise<void> {
    return (this.closing ??= this.flush());
  }

  private hand(letter: Letter, { port, packer, ship }: Connection): Promise<string> {
    if (this.cut.signal.aborted) return this.refuse(letter, this.tooLate());
    try {
      const { method, beside, content } = letter;
      if (typeof content === 'object' && 'call' in content) return packer!.add(letter, content.call);
      const message = { ...this.identified(beside, port), body: content };
      return ship(whole(letter, message, checkMessage(message, port, method)));
    } catch (error) {
      return this.refuse(letter, error as Error);
    }
  }

  private identified(beside: SendOptions, { limits }: SendPort): SendOptions {
    return this.parts.options.eventIds ? identify(beside, limits.attributes) : beside;
  }

  private refuse(letter: Letter, error: Error): Promise<never> {
    this.end(letter, { ok: false, error });
    return quiet(Promise.reject(error));
  }

  private end(letter: Letter, ending: Ending): void {
    this.calls -= 1;
    this.bytes -= bytesOf(letter);
    this.parts.ended?.(letter.method, ending);
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

  private async connectionOf(port: SendPort): Promise<Connection> {
    const { clock, options, wrapping } = this.parts;
    const { pack } = options;
    if (pack && port.features.ordered) {
      await port.close();
      throw new PublishError(
        'pack-refused',
        `${port.name} is a FIFO queue or topic, where order and deduplication are by message: calls cannot share one; leave out pack`,
      );
    }
    const batcher = new Batcher<Parcel, SendOutcome>({
      queue: port.name,
      clock,
      run: (parcels) => port.send(parcels.map((parcel) => parcel.seal())),
      maxEntries: port.limits.batchEntries,
      maxBytes: port.limits.batchBytes,
      sizeOf: (parcel) => parcel.bytes,
      keyOf: ({ groupId }) => (port.features.ordered ? groupId : undefined),
      oneOfKey: options.strictOrder,
      grownAt: (parcel) => parcel.grownAt,
      maxInFlight: options.maxInFlight,
      lingerMs: pack?.lingerMs ?? options.lingerMs,
      maxAttempts: options.maxAttempts,
      giveUpAfterMs: options.giveUpAfterMs,
      retryBaseMs: options.retryBaseMs,
      retryMaxMs: RETRY_MAX_MS,
    });
    const ship = (parcel: Parcel): Promise<string> =>
      quiet(
        batcher.add(parcel).then((ending) => {
          parcel.close();
          for (const letter of parcel.letters) this.end(letter, ending);
          if (ending.ok) return ending.id;
          throw ending.error;
        }),
      );
    const packer =
      pack && wrapping
        ? new Packer({
            ...wrapping,
            port,
            ship,
            clock,
            growsMs: pack.lingerMs + GROWS_MS,
            maxBytes: pack.maxBytes,
            identified: (beside) => this.identified(beside, port),
          })
        : undefined;
    return { port, batcher, ship, packer };
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
    await open?.port.close();
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
function bytesOf({ beside: { attributes }, content }: Letter): number {
  const { length } = typeof content === 'object' && 'call' in content ? content.call : content;
  if (!attributes) return length;
  return Object.entries(attributes).reduce((sum, [name, value]) => sum + name.length + String(value).length, length);
}

/** Marks a rejection as seen: one that nobody looks at is an event to the transport's observers, not the end of the process. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
