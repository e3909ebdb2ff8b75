import { checkOptionNames, type OptionNames } from '../common/option-names.js';
import { booleanOption, numberOption } from '../queue/options.js';

/** Longest random pause in ms before another attempt. */
export const RETRY_MAX_MS = 5_000;

/**
 * Configures batching, retries and buffering of emitted calls.
 *
 * @publicApi
 */
export interface PublishOptions {
  /**
   * Largest number of open requests. Calls emitted meanwhile fill the next requests. 1 to 64,
   * default 4.
   */
  readonly maxInFlight?: number | undefined;
  /**
   * Milliseconds to wait for more calls before a request that is not full. 0 to 60 000, default 0,
   * so that batching adds no latency.
   */
  readonly lingerMs?: number | undefined;
  /**
   * Attempts for a call that the queue refuses temporarily, the first attempt included. 1 to 20,
   * default 5.
   */
  readonly maxAttempts?: number | undefined;
  /**
   * Milliseconds of an outage after which calls fail. Calls wait in the buffer while the queue
   * answers no request, or does not open, and a call fails once it has waited as long. A call whose
   * request is open then may still be stored. 0 fails calls at the first failure. 0 to 3 600 000,
   * default 10 000.
   */
  readonly deliveryTimeoutMs?: number | undefined;
  /**
   * Longest random pause in ms before the first retry. Doubles with each retry, up to 5 s.
   * 0 to 60 000, default 100.
   */
  readonly retryBaseMs?: number | undefined;
  /**
   * Limits of the unsent calls. Beyond a limit, emits fail at once with BufferFullError. Default:
   * 10 000 calls and 64 MiB.
   */
  readonly buffer?: BufferOptions | undefined;
  /**
   * Lets calls share a body, for fewer and cheaper requests. The calls of a body come back together
   * if their worker dies. `true` sets the defaults. On a FIFO queue or topic every call travels
   * alone, since order and deduplication apply to messages. Default false.
   */
  readonly pack?: boolean | PackOptions | undefined;
  /**
   * Limits a request to one call of a message group, on FIFO queues. The calls of a group then keep
   * their order even if single entries fail. `false` allows up to ten calls, for fewer requests if
   * few groups emit many calls. Default true.
   */
  readonly strictOrder?: boolean | undefined;
  /**
   * Adds an event id to each message, in the attribute `thrift-event-id`. An idempotency store then
   * recognizes a message that was stored twice after a lost answer. A message that has an id keeps
   * it. A message with as many attributes as the queue takes gets no id, and the event
   * `attributes-left-out` reports it. A carrier without attributes carries no ids. Costs 66 bytes.
   * Default false.
   */
  readonly eventIds?: boolean | undefined;
  /**
   * Milliseconds that `close()` may take to send the waiting calls. The rest fails. 0 to 3 600 000,
   * default 10 000.
   */
  readonly flushTimeoutMs?: number | undefined;
}

/** Names every option of {@link PublishOptions}. */
export const PUBLISH_OPTION_NAMES = {
  maxInFlight: true,
  lingerMs: true,
  maxAttempts: true,
  deliveryTimeoutMs: true,
  retryBaseMs: true,
  buffer: true,
  pack: true,
  strictOrder: true,
  eventIds: true,
  flushTimeoutMs: true,
} satisfies OptionNames<PublishOptions>;

/**
 * Limits the unsent calls of a queue.
 *
 * @publicApi
 */
export interface BufferOptions {
  /** Largest number of unsent calls. 1 to 10 000 000, default 10 000. */
  readonly calls?: number | undefined;
  /** Largest size of the unsent calls, in bytes. 1 to 2^40, default 64 MiB. */
  readonly bytes?: number | undefined;
}

const BUFFER_NAMES = { calls: true, bytes: true } satisfies OptionNames<BufferOptions>;

/**
 * Configures shared bodies.
 *
 * @publicApi
 */
export interface PackOptions {
  /**
   * Largest size of a shared body with its attributes, in bytes. A larger call goes alone. The
   * limit of the queue applies as well. SQS bills per 65 536 bytes. The default saves nearly as
   * much as larger bodies and repeats little work. 1 to 1 048 576, default 8192.
   */
  readonly maxBytes?: number | undefined;
  /**
   * Milliseconds to wait for more calls before a request that is not full. 0 to 60 000, default:
   * the option `lingerMs` of the client.
   */
  readonly lingerMs?: number | undefined;
}

const PACK_NAMES = { maxBytes: true, lingerMs: true } satisfies OptionNames<PackOptions>;

/** {@link PublishOptions} with all defaults applied. */
export interface ResolvedPublishOptions {
  readonly maxInFlight: number;
  readonly lingerMs: number;
  readonly maxAttempts: number;
  readonly deliveryTimeoutMs: number;
  readonly retryBaseMs: number;
  readonly bufferCalls: number;
  readonly bufferBytes: number;
  readonly flushTimeoutMs: number;
  readonly strictOrder: boolean;
  readonly eventIds: boolean;
  readonly pack?: { readonly maxBytes: number; readonly lingerMs: number };
}

/** @throws RangeError, TypeError names the option, the value and the range */
export function resolvePublishOptions(options: PublishOptions = {}): ResolvedPublishOptions {
  const lingerMs = numberOption('lingerMs', options.lingerMs, 0, 0, 60_000);
  const pack = resolvePack(options.pack, lingerMs);
  const buffer = options.buffer === undefined ? {} : checkOptionNames('', options.buffer, BUFFER_NAMES, 'buffer');
  return {
    maxInFlight: numberOption('maxInFlight', options.maxInFlight, 4, 1, 64),
    lingerMs,
    maxAttempts: numberOption('maxAttempts', options.maxAttempts, 5, 1, 20),
    deliveryTimeoutMs: numberOption('deliveryTimeoutMs', options.deliveryTimeoutMs, 10_000, 0, 3_600_000),
    retryBaseMs: numberOption('retryBaseMs', options.retryBaseMs, 100, 0, 60_000),
    bufferCalls: numberOption('buffer.calls', buffer.calls, 10_000, 1, 10_000_000),
    bufferBytes: numberOption('buffer.bytes', buffer.bytes, 64 * 1024 * 1024, 1, 2 ** 40),
    flushTimeoutMs: numberOption('flushTimeoutMs', options.flushTimeoutMs, 10_000, 0, 3_600_000),
    strictOrder: booleanOption('strictOrder', options.strictOrder, true),
    eventIds: booleanOption('eventIds', options.eventIds, false),
    ...(pack && { pack }),
  };
}

function resolvePack(pack: PublishOptions['pack'], linger: number): ResolvedPublishOptions['pack'] {
  if (pack === undefined || pack === false) return undefined;
  if (typeof pack === 'string') booleanOption('pack', pack, false);
  const { maxBytes, lingerMs }: PackOptions = pack === true ? {} : checkOptionNames('', pack, PACK_NAMES, 'pack');
  return {
    maxBytes: numberOption('pack.maxBytes', maxBytes, 8192, 1, 1_048_576),
    lingerMs: numberOption('pack.lingerMs', lingerMs, linger, 0, 60_000),
  };
}
