import type { LearnedSize } from '../queue/learned-size.js';
import { QueueError } from '../queue/queue-error.js';
import type { OutgoingMessage } from './outgoing-message.js';

/** Completes the error of a call that the queue refused as too large with the sizes. */
export function refusedSize(
  { pendingCalls, bytes }: OutgoingMessage,
  error: QueueError,
  { acceptedBytes }: Pick<LearnedSize, 'acceptedBytes'>,
): QueueError {
  const { code, kind, queue, message } = error;
  const text = message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;
  const largest = acceptedBytes === undefined ? '' : ` (its largest accepted request had ${acceptedBytes})`;
  const sizes = `${pendingCalls[0]!.method} takes ${bytes} bytes with its attributes, too many for ${queue}${largest}`;
  return new QueueError(`${sizes}: ${text}`, { code, kind, queue, cause: error });
}
