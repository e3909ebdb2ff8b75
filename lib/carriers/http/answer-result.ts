import { randomUUID } from 'node:crypto';
import { printable } from '../../common/printable.js';
import { QueueError, type QueueErrorKind } from '../../queue/queue-error.js';
import type { SendResult } from '../../queue/queue.js';
import type { HttpAnswer } from './http-exchange.js';
import { MESSAGE_ID_HEADER, OUTCOME_HEADER } from './message-headers.js';
import { exceptionIn } from './thrift-answer.js';

/** Longest pause in seconds that an answer can ask for. */
const MAX_RETRY_AFTER_SECONDS = 60;

/** Meaning of a status, with advice. */
interface Meaning {
  readonly kind: QueueErrorKind;
  readonly text: string;
}

const BY_STATUS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [
    400,
    {
      kind: 'invalid',
      text: 'the server refused the call. Correct the call, or check that both sides have the same IDL',
    },
  ],
  [401, { kind: 'credentials', text: 'the server knows no such credentials. Set headers.authorization' }],
  [403, { kind: 'denied', text: 'the server denies the request. Give the client the permission' }],
  [404, { kind: 'missing-queue', text: 'nothing is served at this path. Correct the option url' }],
  [405, { kind: 'missing-queue', text: 'no POST is served at this path. Correct the option url' }],
  [408, { kind: 'network', text: 'the server got no whole request in time' }],
  [410, { kind: 'missing-queue', text: 'nothing is served at this path any more. Correct the option url' }],
  [
    413,
    { kind: 'too-large', text: 'the call is too large for the server. Send fewer bytes, or raise maxBodyBytes there' },
  ],
  [415, { kind: 'invalid', text: 'the server takes no application/x-thrift. Correct the option url' }],
  [429, { kind: 'throttled', text: 'the server asks for fewer requests' }],
  [431, { kind: 'invalid', text: 'the headers are too large for the server. Send fewer attributes' }],
]);

/** Statuses about the server, or about what stands before it. All later calls would get them too. */
const OF_SERVER: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/**
 * Turns an answer into the result of the posted message.
 *
 * @throws QueueError the server takes no message for the time being
 */
export function resultOf(answer: HttpAnswer, queue: string): SendResult {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return accepted(answer, queue);
  const error = errorOf(answer, queue);
  const isOfMessage = headers[OUTCOME_HEADER] === 'failed' || !OF_SERVER.has(status);
  if (isOfMessage) return { ok: false, error };
  throw error;
}

/**
 * Checks the answer to a request that carries no message.
 *
 * @throws QueueError the server would take no message
 */
export function checkAnswer(answer: HttpAnswer, queue: string): void {
  const { status } = answer;
  // Servers that know POST alone refuse the method. That is an answer too.
  if (status < 300 || [400, 405, 411, 415, 501].includes(status)) return;
  throw errorOf(answer, queue);
}

function accepted({ body, headers }: HttpAnswer, queue: string): SendResult {
  const exception = exceptionIn(body);
  if (exception === undefined) return { ok: true, id: idIn(headers[MESSAGE_ID_HEADER]) };
  const message = `${queue} answered with an exception, ${exception}. Check that both sides have the same IDL.`;
  return { ok: false, error: new QueueError(message, { code: 'ThriftException', kind: 'invalid', queue }) };
}

/** Returns the id that the server gave the message, or an id for a server that gives none. */
function idIn(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && /^[\x21-\x7e]{1,128}$/.test(header) ? header : randomUUID();
}

function errorOf({ status, headers, body }: HttpAnswer, queue: string): QueueError {
  const { kind, text } = meaningOf(status, headers['location']);
  const said =
    body.length > 0 && isText(headers['content-type']) ? `. It says ${printable(body.toString().trim(), 256)}` : '';
  const retryAfterMs = pauseOf(headers['retry-after']);
  return new QueueError(`${queue} answered ${status}: ${text}${said}.`, {
    code: `Http${status}`,
    kind,
    queue,
    retryAfterMs,
  });
}

function meaningOf(status: number, location: string | undefined): Meaning {
  const known = BY_STATUS.get(status);
  if (known) return known;
  if (status >= 300 && status < 400) {
    const to = location === undefined ? '' : ` to ${printable(location, 128)}`;
    return { kind: 'missing-queue', text: `a redirect${to}, which is never followed. Correct the option url` };
  }
  if (status >= 500) return { kind: 'service', text: 'the server did not take the call' };
  return { kind: 'invalid', text: 'the server refused the request. Correct the request' };
}

function isText(type: string | undefined): boolean {
  return type !== undefined && /^(?:text\/plain|application\/json)\b/i.test(type);
}

/** Reads the header Retry-After: seconds or a date (RFC 9110, 10.2.3). */
function pauseOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return seconds > 0 ? Math.min(seconds, MAX_RETRY_AFTER_SECONDS) * 1000 : undefined;
}
