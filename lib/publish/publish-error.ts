import { ThriftTransportError } from '../common/transport-error.js';
import { brand } from '../common/brand.js';

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
