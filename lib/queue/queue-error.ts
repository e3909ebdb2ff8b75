/** What a failure means for the one who asked, whatever the carrier calls it. */
export type QueueErrorKind =
  /** The queue does not exist, or not any more. */
  | 'missing-queue'
  /** The caller is known but may not do this. */
  | 'denied'
  /** There are no credentials, or they are expired or wrong. */
  | 'credentials'
  /** Asked too often; slow down. */
  | 'throttled'
  /** Too many messages are in flight; finish some before receiving more. */
  | 'over-limit'
  /** The message or a parameter is not acceptable and never will be. */
  | 'invalid'
  /** The delivery's lease is over: someone else may have the message now. */
  | 'lease-lost'
  /** No answer, a broken connection, or an answer cut short. */
  | 'network'
  /** The service failed on its side. */
  | 'service'
  /** The queue object was closed. */
  | 'closed';

const RETRYABLE: ReadonlySet<QueueErrorKind> = new Set([
  'throttled',
  'over-limit',
  'network',
  'service',
  'credentials',
]);

/** The parts of a {@link QueueError}. */
export interface QueueErrorInit {
  /** The carrier's own code (`QueueDoesNotExist`, `ECONNREFUSED`), stable enough to search for. */
  readonly code: string;
  readonly kind: QueueErrorKind;
  /** The queue concerned, as people name it. */
  readonly queue: string;
  /** Overrides what the kind says. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** The one error a {@link Queue} throws or reports. The message starts with the code and ends with what to do. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  readonly code: string;
  readonly kind: QueueErrorKind;
  readonly queue: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;

  constructor(message: string, init: QueueErrorInit) {
    super(`${init.code}: ${message}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.kind = init.kind;
    this.queue = init.queue;
    this.retryable = init.retryable ?? RETRYABLE.has(init.kind);
  }

  /** Anything thrown, as a QueueError: itself, or wrapped as a fault of the service. */
  static from(error: unknown, queue: string): QueueError {
    if (error instanceof QueueError) return error;
    const message = error instanceof Error ? error.message : 'an unknown failure';
    return new QueueError(message, { code: 'QueueFailure', kind: 'service', queue, cause: error });
  }
}
