import http, { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import { type Aborts, AbortSource } from '../../queue/abort-source.js';
import type { Clock } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import { Deadlines } from './deadlines.js';
import { MAX_ANSWER_BYTES } from './thrift-answer.js';

/** An answer, with the beginning of its body. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request. Its body, if any, goes out with its length. */
export interface HttpRequest {
  readonly method: 'POST' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface HttpExchangeParts {
  /** Name of the server, for errors. */
  readonly name: string;
  readonly url: URL;
  readonly tlsOptions: ConnectionOptions;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

/** Errors of a connection that the server closed while it was idle. */
const CLOSED_IDLE: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

/** Makes requests to one server over connections that stay open. Follows no redirect. */
export class HttpExchange {
  private readonly agent: http.Agent;
  private readonly closing = new AbortSource();
  private readonly shared: AttemptParts;

  constructor(parts: HttpExchangeParts) {
    const { url, tlsOptions, clock, requestTimeoutMs } = parts;
    const isSecure = url.protocol === 'https:';
    this.agent = isSecure ? new https.Agent({ keepAlive: true, ...tlsOptions }) : new http.Agent({ keepAlive: true });
    this.shared = {
      ...parts,
      isSecure,
      target: { ...urlToHttpOptions(url), ...tlsOptions },
      deadlines: new Deadlines(clock, requestTimeoutMs),
      closing: this.closing,
    };
  }

  /**
   * Makes one request. A request over a connection that the server has closed meanwhile is repeated
   * once over a new connection: the server may have closed an idle connection as the request came.
   *
   * @throws QueueError there was no answer
   */
  async run(request: HttpRequest): Promise<HttpAnswer> {
    const attempt = new Attempt(request, this.shared);
    try {
      return await attempt.run(this.agent);
    } catch (error) {
      if (!attempt.metClosedConnection || this.closing.aborted) throw error;
      // Without the agent, whose other idle connections may be closed as well.
      return new Attempt(request, this.shared).run(false);
    }
  }

  /** Ends all requests and connections. */
  close(): void {
    this.closing.abort(undefined);
    this.agent.destroy();
  }
}

/** Holds the parts that all requests of an exchange share. */
interface AttemptParts extends HttpExchangeParts {
  readonly isSecure: boolean;
  /** The server, as Node takes it. */
  readonly target: RequestOptions;
  readonly deadlines: Deadlines;
  readonly closing: Aborts;
}

/** One request and its answer. */
class Attempt {
  /** True if the request failed because its connection, which had served others, was closed. */
  metClosedConnection = false;

  constructor(
    private readonly request: HttpRequest,
    private readonly parts: AttemptParts,
  ) {}

  run(agent: http.Agent | false): Promise<HttpAnswer> {
    const { target, isSecure } = this.parts;
    const { method, headers, body } = this.request;
    const options: RequestOptions = { ...target, method, headers, agent };
    const open = isSecure ? https.request(options) : http.request(options);
    return new Promise((resolve, reject) => {
      let answered = false;
      const end = this.limit(open);
      const fail = (cause: unknown): void => {
        end();
        reject(this.failure(cause));
      };
      open.on('response', (response) => {
        answered = true;
        const whole = (answer: HttpAnswer): void => {
          end();
          resolve(answer);
        };
        collect(response, whole, fail);
      });
      open.on('error', (cause: NodeJS.ErrnoException) => {
        this.metClosedConnection = open.reusedSocket && !answered && CLOSED_IDLE.has(cause.code);
        fail(cause);
      });
      // An answer 101 closes the connection without a response and without an error.
      open.on('close', () => {
        if (!answered) fail(new Error('the server closed the connection before a whole answer'));
      });
      open.end(body);
    });
  }

  /** Ends the request after its time, or when the sender closes. The returned function ends the watch. */
  private limit(open: http.ClientRequest): () => void {
    const { clock, connectTimeoutMs, requestTimeoutMs, closing, deadlines, isSecure } = this.parts;
    const giveUp = (code: string, text: string): void => void open.destroy(Object.assign(new Error(text), { code }));
    const closed = (): void => giveUp('ClientClosed', 'the client was closed before the answer');
    if (closing.aborted) closed();
    closing.addEventListener('abort', closed);
    const cancel = deadlines.start(() =>
      giveUp('RequestTimeout', `no whole answer within ${requestTimeoutMs} ms (requestTimeoutMs)`),
    );
    let cancelConnect: (() => void) | undefined;
    open.on('socket', (socket) => {
      if (!socket.connecting) return;
      const slow = (): void =>
        giveUp('ConnectTimeout', `no connection within ${connectTimeoutMs} ms (connectTimeoutMs)`);
      cancelConnect = clock.setTimer(slow, connectTimeoutMs);
      socket.once(isSecure ? 'secureConnect' : 'connect', cancelConnect);
    });
    return () => {
      cancel();
      cancelConnect?.();
      closing.removeEventListener('abort', closed);
    };
  }

  private failure(cause: unknown): QueueError {
    const { name } = this.parts;
    const { code = 'NoAnswer', message } = cause as NodeJS.ErrnoException;
    const text = `no answer of ${name}: ${message}. ${adviceFor(code, this.parts.url)}`;
    return new QueueError(text, { code, kind: 'network', queue: name, cause });
  }
}

/** Largest number of bytes that are read of a body. Beyond it a new connection costs less. */
const MAX_READ_BYTES = 1_048_576;

/**
 * Collects the beginning of a body. Reads to its end, so that the connection can serve again. Closes
 * the connection of a longer body, because status and headers are known.
 */
function collect(response: IncomingMessage, whole: (answer: HttpAnswer) => void, fail: (cause: unknown) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = (): void => {
    const { statusCode = 0, headers } = response;
    whole({ status: statusCode, headers, body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES) });
  };
  response.on('data', (chunk: Buffer) => {
    if (bytes < MAX_ANSWER_BYTES) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes <= MAX_READ_BYTES) return;
    end();
    response.destroy();
  });
  response.on('end', end);
  response.on('error', fail);
  response.on('aborted', () => fail(Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' })));
}

function adviceFor(code: string, url: URL): string {
  if (code === 'EPROTO' && url.protocol === 'https:') return 'Check that the server speaks TLS at this port.';
  if (code.startsWith('HPE_')) return 'Check that the server speaks HTTP at this port, without TLS.';
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code)) return 'Give the certificate of its authority as tlsOptions.ca.';
  return 'Check that the server runs, and the option url.';
}
