import { ThriftTransportError } from '../common/transport-error.js';
import { brand } from '../common/brand.js';
import { QueueError } from '../queue/queue-error.js';

/**
 * Classifies a call that was refused before any request.
 *
 * @publicApi
 */
export type PublishErrorCode =
  | 'buffer-full'
  | 'closed'
  | 'too-large'
  | 'too-many-attributes'
  | 'bad-attribute'
  | 'attributes-refused'
  | 'bad-id'
  | 'id-refused'
  | 'group-required'
  | 'delay-refused';

/**
 * Reports a call that was refused before any request. Nothing has reached the queue.
 *
 * @publicApi
 */
export class PublishError extends ThriftTransportError {
  static {
    brand(this, 'PublishError');
  }

  override readonly name: string = 'PublishError';

  constructor(
    readonly code: PublishErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reports a call that found the send buffer full, for example in an outage of the queue.
 *
 * @publicApi
 */
export class BufferFullError extends PublishError {
  static {
    brand(this, 'BufferFullError');
  }

  override readonly name = 'BufferFullError';

  constructor(queue: string, calls: number, bytes: number) {
    super(
      'buffer-full',
      `the buffer for ${queue} is full (${calls} calls, ${bytes} bytes wait), because the queue stores fewer calls than the application emits. ` +
        'Slow down, or raise buffer.calls and buffer.bytes.',
    );
  }
}

/** Builds the error of a call that was emitted after a close. */
export function clientClosedError(queue: string): PublishError {
  return new PublishError('closed', `the client of ${queue} is closed. Emit before close().`);
}

/** Builds the error of a call that a close has given up. */
export function givenUpError(queue: string): QueueError {
  const message = `the client was closed before ${queue} stored the call. Close it later, or raise flushTimeoutMs.`;
  return new QueueError(message, { code: 'ClientClosed', kind: 'closed', queue });
}

/** Builds the error of a call whose queue did not open in time. */
export function notOpenedError(queue: string, deliveryTimeoutMs: number, cause: QueueError | undefined): QueueError {
  const last = cause === undefined ? '' : ` The last failure: ${cause.message}`;
  const message = `${queue} did not open within ${deliveryTimeoutMs} ms (deliveryTimeoutMs). Nothing was sent.${last}`;
  return new QueueError(message, { code: 'DeliveryTimeout', kind: 'network', queue, cause });
}
