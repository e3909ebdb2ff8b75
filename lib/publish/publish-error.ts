/** Why a call was not sent, beside what the queue itself says. */
export type PublishErrorCode =
  | 'buffer-full'
  | 'closed'
  | 'too-large'
  | 'too-many-attributes'
  | 'bad-attribute'
  | 'bad-id'
  | 'group-required'
  | 'delay-refused'
  | 'pack-refused';

/** A call that was not sent: nothing of it has reached the queue. */
export class PublishError extends Error {
  override readonly name: string = 'PublishError';

  constructor(
    readonly code: PublishErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** The buffer of unsent calls is full, as it is when the queue has been unreachable for a while. */
export class BufferFullError extends PublishError {
  override readonly name = 'BufferFullError';

  constructor(queue: string, calls: number, bytes: number) {
    super(
      'buffer-full',
      `the buffer for ${queue} is full (${calls} calls, ${bytes} bytes wait): the queue takes less than is emitted; ` +
        'slow down, or raise buffer.calls and buffer.bytes',
    );
  }
}
