import http, { type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import type { CarrierNotice } from '../../queue/carrier-notice.js';
import type { ResolvedHttpReceiverOptions } from './http-receiver-options.js';

export interface HttpServerParts {
  readonly name: string;
  readonly clock: Clock;
  readonly options: ResolvedHttpReceiverOptions & { readonly port: number };
  readonly listener: RequestListener;
  readonly report: (notice: CarrierNotice) => void;
}

/** Longest time in ms for the headers of a request. */
const HEADERS_MS = 60_000;
/** Longest time in ms between two checks for requests that are too slow. */
const CHECK_MS = 10_000;
/** Time in ms for the last answers when the server closes. */
const CLOSE_MS = 300;

/** A server that listens. */
export interface ListeningServer {
  readonly address: AddressInfo;
  /** Ends all connections, once their answers are written. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server.
 *
 * @throws QueueError the server cannot listen at its port
 */
export async function startServer(parts: HttpServerParts): Promise<ListeningServer> {
  const server = createServer(parts);
  noteBadClients(server, parts);
  await listen(server, parts);
  return { address: server.address() as AddressInfo, close: () => close(server, parts.clock) };
}

function createServer({ options, listener }: HttpServerParts): Server {
  const { tlsOptions, requestTimeoutMs, keepAliveTimeoutMs, maxConnections } = options;
  const settings = {
    keepAliveTimeout: keepAliveTimeoutMs,
    headersTimeout: Math.min(HEADERS_MS, requestTimeoutMs),
    // The endpoint limits the time of bodies.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(CHECK_MS, Math.ceil(requestTimeoutMs / 2)),
  };
  const server = tlsOptions
    ? https.createServer({ ...settings, ...tlsOptions }, listener)
    : http.createServer(settings, listener);
  server.maxConnections = maxConnections;
  return server;
}

function listen(server: Server, { name, options, report }: HttpServerParts): Promise<void> {
  const { port, host } = options;
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      const { code = 'ListenFailed', message } = cause;
      const text = `${name} cannot listen at ${host}:${port}: ${message}. Free the port, or set another port or host.`;
      reject(new QueueError(text, { code, kind: code === 'EACCES' ? 'denied' : 'invalid', queue: name, cause }));
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      // Such as a process without a free file descriptor. Without a listener it would end the process.
      server.on('error', ({ message }) =>
        report({ kind: 'server', level: 'error', text: `the server of ${name} failed: ${message}` }),
      );
      resolve();
    });
  });
}

function close(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(() => server.closeAllConnections(), CLOSE_MS);
    // Ends idle connections as well. The last answers end the others.
    server.close(() => {
      cancel();
      resolve();
    });
  });
}

/** Reports clients that do not speak HTTP, and answers them as far as they can read an answer. */
function noteBadClients(server: Server, { name, options, report }: HttpServerParts): void {
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const fault = faultOf(error);
    if (fault) report({ kind: fault.kind, level: 'warn', text: `${name}: a client ${from(socket)} ${fault.text}` });
    if (socket.writable && socket.bytesWritten === 0) socket.end(lastAnswer(error, fault?.text));
    else socket.destroy();
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const text =
      error.code === 'ERR_SSL_HTTP_REQUEST'
        ? 'speaks plain HTTP to the TLS port'
        : `failed to agree on TLS: ${error.message}`;
    report({ kind: `tls ${error.code}`, level: 'warn', text: `${name}: a client ${from(socket)} ${text}` });
  });
  server.on('drop', () => {
    const text = `${name} refused a connection: ${options.maxConnections} are open (maxConnections)`;
    report({ kind: 'too-many-connections', level: 'warn', text });
  });
}

type ClientError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

function faultOf({ code, rawPacket }: ClientError): { readonly kind: string; readonly text: string } | undefined {
  if (!code?.startsWith('HPE_') || rawPacket === undefined) return undefined;
  const [first, second] = rawPacket;
  if (first === 0x16 && second === 0x03)
    return { kind: 'tls-on-plain-port', text: 'speaks TLS to the plain HTTP port' };
  if (first === 0x00 || first === 0x80 || first === 0x82) {
    return { kind: 'no-http', text: 'sends Thrift messages without HTTP, as over a socket' };
  }
  return { kind: 'bad-http', text: `does not speak HTTP (${code})` };
}

/** Returns a whole answer for a client whose request cannot be parsed. */
function lastAnswer({ code }: ClientError, text = 'sent a request that is not acceptable'): string {
  const status =
    code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const body = `this port serves Thrift calls over HTTP, and the client ${text}\n`;
  return `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function from({ remoteAddress = 'unknown' }: Socket): string {
  return `at ${remoteAddress}`;
}
