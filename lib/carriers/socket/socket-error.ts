import { QueueError, type QueueErrorKind } from '../../queue/queue-error.js';

/** Codes of failures that no retry fixes, with their kind and advice. */
const LASTING: Readonly<Record<string, readonly [kind: QueueErrorKind, advice: string]>> = {
  EADDRINUSE: ['invalid', 'Free the port, or choose another port'],
  EADDRNOTAVAIL: ['invalid', 'Choose an address of this machine as host'],
  EACCES: ['denied', 'Choose a port of 1024 or above, or allow this one'],
};

/** Turns the error of a socket into a QueueError. Unknown failures may pass by themselves. */
export function socketError(cause: unknown, queue: string, verb: string): QueueError {
  if (cause instanceof QueueError) return cause;
  const { code = 'SocketFailure', message = 'the socket failed' } = Object(cause) as NodeJS.ErrnoException;
  const [kind, advice] = LASTING[code] ?? ['network', adviceOf(code)];
  return new QueueError(`cannot ${verb} ${queue}: ${message}. ${advice}.`, { code, kind, queue, cause });
}

function adviceOf(code: string): string {
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT')) {
    return 'Check tlsOptions, and that the server speaks TLS';
  }
  return 'Check host and port, and that the server runs';
}
