import { printable } from '../../common/printable.js';
import { QueueError, type QueueErrorKind } from '../../queue/queue-error.js';

/** Names the subject of an error: a queue and its server. */
export interface Subject {
  readonly queue: string;
  /** `host:port` of the server. */
  readonly server: string;
}

/** Longest part of an answer in an error. */
const SHOWN = 200;

/** Builds an error about a queue and its server. */
export function starlingError(
  { queue, server }: Subject,
  code: string,
  kind: QueueErrorKind,
  text: string,
  cause?: unknown,
): QueueError {
  return new QueueError(`the queue "${queue}" at ${server}: ${text}`, { code, kind, queue, cause });
}

/** Kinds of the answers that are errors, by their first word (memcached protocol.txt, Kestrel guide). */
const REFUSALS: readonly (readonly [line: RegExp, code: string, kind: QueueErrorKind, advice: string])[] = [
  // Starling writes the answer with a blank, and Kestrel with an underscore.
  [/^NOT[ _]STORED$/, 'NotStored', 'service', 'It may be full, or may not write to its disk. Try again later.'],
  [/^SERVER_ERROR\b/, 'ServerError', 'service', 'Look into the log of the server, and try again later.'],
  [/^CLIENT_ERROR\b/, 'ClientError', 'invalid', 'Check that the option dialect names the dialect of the server.'],
  [/^ERROR\b/, 'CommandRefused', 'invalid', 'Check that the server speaks the protocol of Starling or Kestrel.'],
];

/** True for an answer after which the connection is in order. After an error servers close it. */
export function isOrdinary(line: string): boolean {
  return /^(?:STORED|NOT[ _]STORED|END)$/.test(line);
}

/** Builds the error for an answer other than the expected one. */
export function refusal(subject: Subject, command: string, line: string): QueueError {
  const found = REFUSALS.find(([pattern]) => pattern.test(line));
  const answered = `the server answered ${printable(line, SHOWN)} to ${command}.`;
  if (found !== undefined) return starlingError(subject, found[1], found[2], `${answered} ${found[3]}`);
  return unexpected(subject, `${answered} That is no answer to this command. Check host and port`);
}

/** Builds the error for bytes that break the protocol, after which nothing on the connection makes sense. */
export function unexpected(subject: Subject, text: string, cause?: unknown): QueueError {
  return starlingError(subject, 'ProtocolError', 'network', `${text}. The connection is closed.`, cause);
}

/** Builds the error for an end of the connection, after which nobody knows if an open command took effect. */
export function disconnected(subject: Subject, cause: Error | undefined): QueueError {
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  const why = cause === undefined ? 'the server closed the connection' : `the connection broke (${cause.message})`;
  const text = `${why}. A command without an answer may have taken effect or not.`;
  return starlingError(subject, typeof code === 'string' ? code : 'ConnectionClosed', 'network', text, cause);
}

/** Builds the error for a server that is silent. */
export function silent(subject: Subject, ms: number): QueueError {
  const text =
    `no answer for ${ms} ms, so the connection is closed. The open commands may have taken effect or not. ` +
    'Raise timeoutMs if the server is only slow.';
  return starlingError(subject, 'NoAnswer', 'network', text);
}

/** Builds the error of a verb after `close`. */
export function closedError(subject: Subject): QueueError {
  return starlingError(subject, 'QueueClosed', 'closed', 'it is closed. Open another one.');
}

/** Builds the error of a request that breaks a rule of the port. */
export function invalid(subject: Subject, code: string, text: string): QueueError {
  return starlingError(subject, code, 'invalid', `${text} Correct the request before sending it again.`);
}
