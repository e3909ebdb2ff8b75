import { ThriftTransportError } from '../common/transport-error.js';
import { brand } from '../common/brand.js';

/**
 * Classifies a failure by its meaning for the caller, independent of the carrier.
 *
 * @publicApi
 */
export type QueueErrorKind =
  /** The queue does not exist. */
  | 'missing-queue'
  /** The caller lacks the permission. */
  | 'denied'
  /** The credentials are missing, expired or wrong. */
  | 'credentials'
  /** The caller sends too many requests and must slow down. */
  | 'throttled'
  /** Too many messages are in flight. Settle some messages before the next receive. */
  | 'over-limit'
  /** The queue will never accept the message or a parameter. */
  | 'invalid'
  /** The message, or all messages of a request together, are larger than the queue accepts. */
  | 'too-large'
  /** The lease of the delivery has ended. Another receiver may hold the message. */
  | 'lease-lost'
  /** The request got no answer, a broken connection or an incomplete answer. */
  | 'network'
  /** The service failed. */
  | 'service'
  /** The caller closed the queue object. */
  | 'closed';

const RETRYABLE: ReadonlySet<QueueErrorKind> = new Set([
  'throttled',
  'over-limit',
  'network',
  'service',
  'credentials',
]);

/**
 * Describes a {@link QueueError}.
 *
 * @publicApi
 */
export interface QueueErrorInit {
  /** The carrier's stable code, such as `QueueDoesNotExist` or `ECONNREFUSED`. */
  readonly code: string;
  readonly kind: QueueErrorKind;
  /** Name of the queue, for people. */
  readonly queue: string;
  /** Overrides the default of the kind. */
  readonly retryable?: boolean | undefined;
  /**
   * Shortest time in ms before the next request, as the service asks. Ignored for an error that is
   * not retryable. Default: the service asks for no pause.
   */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Reports every failure of a {@link Queue}. The message starts with the code and ends with advice.
 *
 * @publicApi
 */
export class QueueError extends ThriftTransportError {
  static {
    brand(this, 'QueueError');
  }

  override readonly name = 'QueueError';
  readonly code: string;
  readonly kind: QueueErrorKind;
  readonly queue: string;
  /** True if the same request may succeed later. */
  readonly retryable: boolean;
  /** Shortest time in ms before the next request, if the service asks for a pause. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, init: QueueErrorInit) {
    super(`${init.code}: ${message}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.kind = init.kind;
    this.queue = init.queue;
    this.retryable = init.retryable ?? RETRYABLE.has(init.kind);
    this.retryAfterMs = init.retryAfterMs;
  }

  /** Wraps any thrown value as a failure of the service. Returns a QueueError unchanged. */
  static from(error: unknown, queue: string): QueueError {
    if (error instanceof QueueError) return error;
    const message = error instanceof Error ? error.message : 'an unknown failure';
    return new QueueError(message, { code: 'QueueFailure', kind: 'service', queue, cause: error });
  }
}

/** True if the queue will never accept the message as it is. Says nothing about other messages. */
export function isRefusedMessage({ kind }: QueueError): boolean {
  return kind === 'invalid' || kind === 'too-large';
}
