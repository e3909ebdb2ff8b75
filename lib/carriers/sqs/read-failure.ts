import { kindOfCode, normalizeCode } from './error-kinds.js';

/** Holds the parts of an error that decide its kind. */
export interface ReadFailure {
  readonly code: string;
  /** Text of the error; empty if there is none. */
  readonly detail: string;
  /** HTTP status of the answer; undefined if there was no answer. */
  readonly status: number | undefined;
}

interface ErrorShape {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  /** The HTTP answer that the SDK could not read. */
  readonly $response?: unknown;
}

/** Reads any thrown value. */
export function readFailure(error: unknown): ReadFailure {
  const shape = shapeOf(error);
  const status = shape.$metadata?.httpStatusCode;
  const known = typeof status === 'number' ? status : undefined;
  const text = typeof error === 'string' ? error : shape.message;
  const detail = typeof text === 'string' ? text : '';
  return { code: normalizeCode(codeOf(shape, known, detail)), detail, status: known };
}

function shapeOf(error: unknown): ErrorShape {
  return typeof error === 'object' && error !== null ? error : {};
}

/** Error names that do not identify an error. */
const EMPTY_NAMES: readonly unknown[] = ['Error', 'Unknown', 'AggregateError'];

function codeOf(shape: ErrorShape, status: number | undefined, detail: string): string {
  if (status === undefined) return codeWithoutAnswer(shape, detail);
  const { code } = shape;
  if (isFailureCode(code)) return code;
  if (isUnreadableAnswer(shape)) return status < 400 ? 'BrokenAnswer' : `Http${status}`;
  return nameOf(shape) ?? networkCodeIn(detail) ?? `Http${status}`;
}

/** Prefers a code that says what happened to the connection over a code that says who noticed it. */
function codeWithoutAnswer(shape: ErrorShape, detail: string): string {
  const { code, $response } = shape;
  const own = isFailureCode(code) ? code : undefined;
  if (own !== undefined && kindOfCode(normalizeCode(own)) !== undefined) return own;
  if ($response !== undefined) return 'BrokenAnswer';
  return networkCodeBelow(shape) ?? own ?? nameOf(shape) ?? networkCodeIn(detail) ?? 'UnknownFailure';
}

function nameOf({ name }: ErrorShape): string | undefined {
  return isFailureCode(name) && !EMPTY_NAMES.includes(name) ? name : undefined;
}

/** Matches a code as services and Node write it. A code from the wire reaches logs, so it must be short and printable. */
const CODE = /^[\x21-\x7e]{1,128}$/;

/** True for text that can be the code of an error. */
export function isFailureCode(code: unknown): code is string {
  return typeof code === 'string' && CODE.test(code);
}

/**
 * True if the SDK could not read the answer: an error page, a truncated answer or broken base64.
 */
function isUnreadableAnswer({ name }: ErrorShape): boolean {
  return name === 'SyntaxError' || name === 'TypeError';
}

/** Causes are followed no further, because they may form a circle. */
const MOST_CAUSES = 5;

/**
 * Finds a network code in the causes of an error. `fetch`, proxies and attempts at several addresses
 * wrap the error of the connection.
 */
function networkCodeBelow(shape: ErrorShape, depth = 0): string | undefined {
  if (depth === MOST_CAUSES) return undefined;
  const inner = [shape.cause, ...(Array.isArray(shape.errors) ? (shape.errors as unknown[]).slice(0, 10) : [])];
  for (const cause of inner.map(shapeOf)) {
    const { code } = cause;
    if (typeof code === 'string' && kindOfCode(code) === 'network') return code;
    const deeper = networkCodeBelow(cause, depth + 1);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

/** Matches Node's texts for a connection that broke, with code ECONNRESET, before or in an answer. */
const BROKEN_CONNECTION = /socket hang up|socket disconnected|Premature close|(?:^|: )aborted$/m;

/** Matches the text of Node's HTTP parser for an answer that is not HTTP. */
const UNREADABLE_ANSWER = /(?:^|: )Parse Error: /m;

/**
 * Finds a network code in the text of an error. A program can have several `Error` classes, for
 * example under a test runner. There the SDK wraps Node's errors and keeps only their text.
 */
function networkCodeIn(detail: string): string | undefined {
  if (BROKEN_CONNECTION.test(detail)) return 'ECONNRESET';
  if (UNREADABLE_ANSWER.test(detail)) return 'HTTPParserError';
  const code = detail.match(/\bE[A-Z_]{3,}\b/g)?.find((word) => kindOfCode(word) === 'network');
  return code ?? (detail.includes('Deserialization error') ? 'BrokenAnswer' : undefined);
}
