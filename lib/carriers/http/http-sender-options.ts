import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { checkOptionNames, describeOption, type OptionNames } from '../../common/option-names.js';
import { printable } from '../../common/printable.js';
import { nullAdvice } from '../../common/number-fault.js';
import { numberOption, objectOption } from '../../queue/options.js';
import { MAX_BODY_BYTES, MOST_BODY_BYTES } from './http-features.js';

/**
 * Headers of a request by name.
 *
 * @publicApi
 */
export type HttpHeaders = Readonly<Record<string, string>>;

/**
 * Configures the sending end of HTTP.
 *
 * @publicApi
 */
export interface HttpSenderOptions {
  /**
   * Sets the address to post to, with `http:` or `https:`. All calls go there, whatever queue the
   * contract names. A user name or a password in it is refused; see `headers`.
   */
  readonly url: string;
  /**
   * Adds headers to each request, such as `authorization`. A function is called for each request, so
   * that a token can be renewed. Default: none.
   */
  readonly headers?: HttpHeaders | (() => HttpHeaders | Promise<HttpHeaders>) | undefined;
  /** Configures TLS for an `https:` address, as `tls.connect` of Node does: `ca`, `cert`, `key` and others. */
  readonly tlsOptions?: ConnectionOptions | undefined;
  /**
   * Bytes of the largest call. A larger call is refused before it is sent. Set it with the option of this
   * name of the server. 1 to 2^30, default 16 384 000.
   */
  readonly maxBodyBytes?: number | undefined;
  /** Milliseconds for a connection, with its TLS handshake. 1 to 600 000, default 5 000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Milliseconds for a request with its answer. A server with `answer: 'handled'` answers after its
   * handlers, so allow for them, and raise `deliveryTimeoutMs` as well. 1 to 3 600 000, default
   * 10 000.
   */
  readonly requestTimeoutMs?: number | undefined;
}

/** Names every option of {@link HttpSenderOptions}. */
export const HTTP_SENDER_OPTION_NAMES = {
  url: true,
  headers: true,
  tlsOptions: true,
  maxBodyBytes: true,
  connectTimeoutMs: true,
  requestTimeoutMs: true,
} satisfies OptionNames<HttpSenderOptions>;

/** {@link HttpSenderOptions} with every default filled in. */
export interface ResolvedHttpSenderOptions {
  readonly url: URL;
  readonly headers: () => HttpHeaders | Promise<HttpHeaders>;
  readonly tlsOptions: ConnectionOptions;
  readonly maxBodyBytes: number;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** @throws TypeError, RangeError an option is unknown or not acceptable */
export function resolveHttpSenderOptions(options: HttpSenderOptions): ResolvedHttpSenderOptions {
  checkOptionNames('', options, HTTP_SENDER_OPTION_NAMES);
  const url = urlOption(options.url);
  if (options.tlsOptions !== undefined && url.protocol !== 'https:') {
    throw new TypeError(`option tlsOptions would never be used: the option url begins with ${url.protocol}`);
  }
  return {
    url,
    headers: headersOption(options.headers),
    tlsOptions: objectOption('tlsOptions', options.tlsOptions) ?? {},
    maxBodyBytes: numberOption('maxBodyBytes', options.maxBodyBytes, MAX_BODY_BYTES, 1, MOST_BODY_BYTES),
    connectTimeoutMs: numberOption('connectTimeoutMs', options.connectTimeoutMs, 5_000, 1, 600_000),
    requestTimeoutMs: numberOption('requestTimeoutMs', options.requestTimeoutMs, 10_000, 1, 3_600_000),
  };
}

function urlOption(given: unknown): URL {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError(
      `option url must be an address such as 'http://localhost:9090/thrift', got ${describeOption(given)}${nullAdvice(given)}`,
    );
  }
  if (url.username === '' && url.password === '') return url;
  throw new TypeError('option url holds a user name or a password; give them as headers: { authorization: … }');
}

/** Headers that the sender writes itself. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'host',
  'expect',
]);

function headersOption(headers: HttpSenderOptions['headers']): ResolvedHttpSenderOptions['headers'] {
  if (typeof headers === 'function') return headers;
  const checked = checkHeaders(objectOption('headers', headers) ?? {});
  return () => checked;
}

/** @throws TypeError names a header that cannot be sent, and never its value */
export function checkHeaders(headers: HttpHeaders): HttpHeaders {
  for (const [name, value] of Object.entries(headers)) {
    if (OWN_HEADERS.has(name.toLowerCase())) throw new TypeError(`option headers must not set ${name}`);
    if (typeof value !== 'string') {
      throw new TypeError(`option headers.${name} must be text, got ${describeOption(value)}`);
    }
    checkCharacters(name, value);
  }
  return headers;
}

/** Checks what Node would refuse with each request, such as the line break at the end of a token from a file. */
function checkCharacters(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new TypeError(
      `option headers.${printable(name)} has characters that no header can carry, such as a line break; remove them`,
    );
  }
}
