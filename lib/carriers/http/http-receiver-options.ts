import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TlsOptions } from 'node:tls';
import { checkOptionNames, describeOption, type OptionNames } from '../../common/option-names.js';
import { nullAdvice } from '../../common/number-fault.js';
import { choiceOption, numberOption, objectOption, typeOption } from '../../queue/options.js';
import type { InboxLimitOptions } from '../inbox/inbox-options.js';
import { MAX_BODY_BYTES, MOST_BODY_BYTES } from './http-features.js';

/**
 * Describes the request that brought a message. A handler gets it from `ctx.getMessage()`.
 *
 * @publicApi
 */
export interface HttpRequestInfo {
  readonly headers: IncomingHttpHeaders;
  /** Address of the client, or of the proxy before it. */
  readonly remoteAddress: string | undefined;
}

/**
 * Configures the receiving end of HTTP.
 *
 * @publicApi
 */
export interface HttpReceiverOptions extends InboxLimitOptions {
  /**
   * Sets the port of an HTTP server for these calls alone. 0 takes any free port. Default: no server;
   * the listener is mounted into a server of the application.
   */
  readonly port?: number | undefined;
  /** Sets the address to listen at. `0.0.0.0` accepts connections from other machines. Default `localhost`. */
  readonly host?: string | undefined;
  /** Sets the path of the requests, without a query. Default `/`. */
  readonly path?: string | undefined;
  /**
   * Lets the server speak TLS, as `tls.createServer` of Node does: `key` and `cert`, and `ca` with
   * `requestCert` for clients with certificates. Default: plain HTTP.
   */
  readonly tlsOptions?: TlsOptions | undefined;
  /**
   * Decides when a request is answered. `accepted` answers 200 once the message is in memory, as
   * Apache's own tests expect. A crash then loses up to `maxMessages` messages. `handled` answers
   * after the handlers: 200, 400 if the message was rejected, 503 if the client must send it again.
   * Nothing is lost then if the client does so. Default `accepted`.
   */
  readonly answer?: 'accepted' | 'handled' | undefined;
  /** Bytes of the largest body. A larger body gets 413. 1 to 2^30, default 16 384 000. */
  readonly maxBodyBytes?: number | undefined;
  /** Milliseconds for the body of a request to arrive. A slower request gets 408. 1 to 3 600 000, default 30 000. */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * Milliseconds for which the own server keeps an idle connection. Longer than the time for which
   * clients and load balancers use one again, since a request to a connection that closes fails.
   * 0 to 3 600 000, default 72 000.
   */
  readonly keepAliveTimeoutMs?: number | undefined;
  /** Connections that the own server accepts at a time. Further connections are closed at once. 1 to 1 000 000, default 10 000. */
  readonly maxConnections?: number | undefined;
  /**
   * Decides which event id a message has for the idempotency store. `header` takes the id from the
   * header `Idempotency-Key`, and a new id without one. `content` takes a digest of the body instead
   * of the new id, so that a message which a client sends twice is recognized. Equal calls are one
   * event then, so that each call must hold an id of its own. Default `header`.
   */
  readonly eventIds?: 'header' | 'content' | undefined;
  /** Decides if a request is accepted, before its body is read. False answers 401. Default: all are. */
  readonly authorize?: ((request: IncomingMessage) => boolean | Promise<boolean>) | undefined;
}

/** Names every option of {@link HttpReceiverOptions}. */
export const HTTP_RECEIVER_OPTION_NAMES = {
  maxMessages: true,
  maxBytes: true,
  maxRetrySeconds: true,
  port: true,
  host: true,
  path: true,
  tlsOptions: true,
  answer: true,
  maxBodyBytes: true,
  requestTimeoutMs: true,
  keepAliveTimeoutMs: true,
  maxConnections: true,
  eventIds: true,
  authorize: true,
} satisfies OptionNames<HttpReceiverOptions>;

/** {@link HttpReceiverOptions} with every default filled in. */
export interface ResolvedHttpReceiverOptions extends InboxLimitOptions {
  readonly port: number | undefined;
  readonly host: string;
  readonly path: string;
  readonly tlsOptions: TlsOptions | undefined;
  readonly answer: 'accepted' | 'handled';
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
  readonly eventIds: 'header' | 'content';
  readonly authorize: HttpReceiverOptions['authorize'];
  /** Bytes of all bodies that may be read at a time. */
  readonly maxReadingBytes: number;
}

/** Bytes of all bodies that may be read at a time, without the option `maxBytes`. */
const READING_BYTES = 64 * 1024 * 1024;

/** Options of a server of its own. */
const OF_OWN_SERVER = ['host', 'tlsOptions', 'keepAliveTimeoutMs', 'maxConnections'] as const;

/** @throws TypeError, RangeError an option is unknown or not acceptable */
export function resolveHttpReceiverOptions(options: HttpReceiverOptions): ResolvedHttpReceiverOptions {
  checkOptionNames('', options, HTTP_RECEIVER_OPTION_NAMES);
  const unused = OF_OWN_SERVER.find((name) => options.port === undefined && options[name] !== undefined);
  if (unused !== undefined) {
    throw new TypeError(`option ${unused} needs the option port; without it the server of the application decides`);
  }
  const { maxBytes, maxMessages, maxRetrySeconds } = options;
  return {
    maxMessages,
    maxBytes,
    maxRetrySeconds,
    port: options.port === undefined ? undefined : numberOption('port', options.port, 0, 0, 65_535),
    host: typeOption('host', options.host, 'string') ?? 'localhost',
    path: pathOption(options.path),
    tlsOptions: objectOption('tlsOptions', options.tlsOptions),
    answer: choiceOption('answer', options.answer, ['accepted', 'handled']),
    maxBodyBytes: numberOption('maxBodyBytes', options.maxBodyBytes, MAX_BODY_BYTES, 1, MOST_BODY_BYTES),
    requestTimeoutMs: numberOption('requestTimeoutMs', options.requestTimeoutMs, 30_000, 1, 3_600_000),
    keepAliveTimeoutMs: numberOption('keepAliveTimeoutMs', options.keepAliveTimeoutMs, 72_000, 0, 3_600_000),
    maxConnections: numberOption('maxConnections', options.maxConnections, 10_000, 1, 1_000_000),
    eventIds: choiceOption('eventIds', options.eventIds, ['header', 'content']),
    authorize: typeOption('authorize', options.authorize, 'function'),
    maxReadingBytes: maxBytes ?? READING_BYTES,
  };
}

function pathOption(path: unknown): string {
  if (path === undefined) return '/';
  if (typeof path === 'string' && /^\/[^\s?#]*$/.test(path)) return path.length > 1 ? path.replace(/\/$/, '') : path;
  throw new TypeError(
    `option path must begin with "/" and have no query, got ${describeOption(path)}${nullAdvice(path)}`,
  );
}
