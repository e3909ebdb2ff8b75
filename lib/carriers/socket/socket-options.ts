import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { OptionNames } from '../../common/option-names.js';
import type { InboxLimitOptions } from '../inbox/inbox-options.js';
import { booleanOption, numberOption, objectOption, typeOption } from '../../queue/options.js';

/** Largest frame of Apache's servers (`TFramedTransport`, `TConfiguration`). */
const MAX_FRAME_BYTES = 16_384_000;
/** Above this length a frame could begin as a TLS record does. */
const MOST_FRAME_BYTES = 2 ** 28;

/**
 * Names where the two ends of a socket meet, as Nest's TCP transport does.
 *
 * @publicApi
 */
export interface SocketAddressOptions {
  /** Host name or address. Default `localhost`. */
  readonly host?: string | undefined;
  /** Port. A server gets a free port for 0. 0 to 65 535, default 3000. */
  readonly port?: number | undefined;
  /**
   * Largest frame, or message without a frame, in bytes. 1 to 268 435 456, default 16 384 000 as in
   * Apache Thrift.
   */
  readonly maxFrameBytes?: number | undefined;
}

/**
 * Configures {@link openSocketReceiver}.
 *
 * @publicApi
 */
export interface SocketReceiverOptions extends SocketAddressOptions, InboxLimitOptions {
  /** Serves TLS with these options of `tls.createServer`. Default: no TLS. */
  readonly tlsOptions?: TlsOptions | undefined;
  /**
   * Milliseconds of silence in the middle of a message after which its connection is closed. 1 to
   * 2 147 483 647, default 30 000.
   */
  readonly incompleteMessageTimeout?: number | undefined;
  /** Connections that may be open. Further connections are closed at once. 1 to 1 000 000, default 10 000. */
  readonly maxConnections?: number | undefined;
  /**
   * Milliseconds for which a stopping server reads on, after it has told its clients that it closes.
   * Clients of Apache's libraries do not notice that. 0 to 60 000, default 1 000.
   */
  readonly stopGraceMs?: number | undefined;
}

/** Names every option of {@link SocketReceiverOptions}. */
export const SOCKET_RECEIVER_OPTION_NAMES = {
  host: true,
  port: true,
  maxFrameBytes: true,
  maxMessages: true,
  maxBytes: true,
  maxRetrySeconds: true,
  tlsOptions: true,
  incompleteMessageTimeout: true,
  maxConnections: true,
  stopGraceMs: true,
} satisfies OptionNames<SocketReceiverOptions>;

/** {@link SocketReceiverOptions} with every default filled in, without those of the inbox. */
export interface ResolvedReceiverOptions {
  readonly host: string;
  readonly port: number;
  readonly maxFrameBytes: number;
  readonly tlsOptions: TlsOptions | undefined;
  readonly incompleteMessageTimeout: number;
  readonly maxConnections: number;
  readonly stopGraceMs: number;
}

/** @throws TypeError, RangeError names the option, the value and the range */
export function resolveReceiverOptions(options: SocketReceiverOptions): ResolvedReceiverOptions {
  return {
    ...resolveAddress(options, 0),
    tlsOptions: objectOption('tlsOptions', options.tlsOptions),
    incompleteMessageTimeout: numberOption(
      'incompleteMessageTimeout',
      options.incompleteMessageTimeout,
      30_000,
      1,
      2 ** 31 - 1,
    ),
    maxConnections: numberOption('maxConnections', options.maxConnections, 10_000, 1, 1_000_000),
    stopGraceMs: numberOption('stopGraceMs', options.stopGraceMs, 1_000, 0, 60_000),
  };
}

/**
 * Configures {@link openSocketSender}.
 *
 * @publicApi
 */
export interface SocketSenderOptions extends SocketAddressOptions {
  /** Connects by TLS with these options of `tls.connect`. Default: no TLS. */
  readonly tlsOptions?: ConnectionOptions | undefined;
  /**
   * Writes the length before each message, as TFramedTransport does. `false` suits servers with
   * TBufferedTransport, which do not understand frames and lose such calls. Default true.
   */
  readonly framed?: boolean | undefined;
  /** Milliseconds to connect, TLS included. 1 to 600 000, default 5 000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Milliseconds for the kernel to take the calls of a write. A server that does not read lets the
   * kernel take no more; the connection is then closed. 1 to 600 000, default 10 000.
   */
  readonly writeTimeoutMs?: number | undefined;
}

/** Names every option of {@link SocketSenderOptions}. */
export const SOCKET_SENDER_OPTION_NAMES = {
  host: true,
  port: true,
  maxFrameBytes: true,
  tlsOptions: true,
  framed: true,
  connectTimeoutMs: true,
  writeTimeoutMs: true,
} satisfies OptionNames<SocketSenderOptions>;

/** {@link SocketSenderOptions} with every default filled in. */
export interface ResolvedSenderOptions {
  readonly host: string;
  readonly port: number;
  readonly maxFrameBytes: number;
  readonly tlsOptions: ConnectionOptions | undefined;
  readonly framed: boolean;
  readonly connectTimeoutMs: number;
  readonly writeTimeoutMs: number;
}

/** @throws TypeError, RangeError names the option, the value and the range */
export function resolveSenderOptions(options: SocketSenderOptions): ResolvedSenderOptions {
  return {
    ...resolveAddress(options, 1),
    tlsOptions: objectOption('tlsOptions', options.tlsOptions),
    framed: booleanOption('framed', options.framed, true),
    connectTimeoutMs: numberOption('connectTimeoutMs', options.connectTimeoutMs, 5_000, 1, 600_000),
    writeTimeoutMs: numberOption('writeTimeoutMs', options.writeTimeoutMs, 10_000, 1, 600_000),
  };
}

function resolveAddress(
  options: SocketAddressOptions,
  leastPort: number,
): Pick<ResolvedReceiverOptions, 'host' | 'port' | 'maxFrameBytes'> {
  const host = typeOption('host', options.host, 'string') ?? 'localhost';
  if (host === '') throw new TypeError('host must not be empty; leave it out for localhost');
  return {
    host,
    port: numberOption('port', options.port, 3000, leastPort, 65_535),
    maxFrameBytes: numberOption('maxFrameBytes', options.maxFrameBytes, MAX_FRAME_BYTES, 1, MOST_FRAME_BYTES),
  };
}
