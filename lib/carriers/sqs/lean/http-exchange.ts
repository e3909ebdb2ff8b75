import { isAscii } from 'node:buffer';
import { validateHeaderValue } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Aborts } from '../../../queue/abort-source.js';
import { type AnswerLimit, answerTooLarge } from '../answer-limit.js';

/** Sends requests over kept connections. undici's `Pool` has this shape. */
export type HttpConnections = Pick<Dispatcher, 'dispatch' | 'destroy'>;

/** HTTP answer of a service. */
export interface ServiceAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Codes of undici by those that the SDK reports for the same failures, so that users see one code on both data paths. */
const CODES_OF_THE_SDK: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'TimeoutError',
};

export interface HttpPost {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly limit: AnswerLimit;
}

/**
 * Sends a POST request. Resolves with any answer that is complete. Rejects if there is none, or once
 * the request is aborted, which closes the connection of the request. The caller limits the time, and
 * checks the headers with {@link checkHeaderValues}.
 */
export function post(
  connections: HttpConnections,
  { limit, ...request }: HttpPost,
  aborts: Aborts,
): Promise<ServiceAnswer> {
  return new Promise((resolve, reject) => {
    const exchange = new HttpExchange(limit, aborts, resolve, reject);
    connections.dispatch({ ...request, method: 'POST', headersTimeout: 0, bodyTimeout: 0 }, exchange);
  });
}

/**
 * Checks headers before they reach undici, whose pool never again uses a connection that has refused a
 * request.
 *
 * @throws TypeError a value has a character that HTTP forbids
 */
export function checkHeaderValues(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value);
}

/** Gathers one answer. Cheaper than the streams of `request`. */
class HttpExchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private headers: ServiceAnswer['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly limit: AnswerLimit,
    private readonly aborts: Aborts,
    private readonly resolve: (answer: ServiceAnswer) => void,
    private readonly reject: (error: Error) => void,
  ) {
    aborts.addEventListener('abort', this.abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.aborts.aborted) this.abort();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: ServiceAnswer['headers']): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    const maxBytes = this.status < 300 ? this.limit.maxBytes : this.limit.maxErrorBytes;
    if (this.bytes <= maxBytes) {
      this.chunks.push(chunk);
      return;
    }
    this.chunks.length = 0;
    controller.abort(answerTooLarge(maxBytes));
  }

  onResponseEnd(): void {
    this.aborts.removeEventListener('abort', this.abort);
    const { status, headers, chunks } = this;
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    // The UTF-8 decoder of Node 20 is many times slower than a copy, and the check costs next to nothing.
    this.resolve({ status, headers, text: bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8') });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.aborts.removeEventListener('abort', this.abort);
    const { code = '' } = error as NodeJS.ErrnoException;
    if (Object.hasOwn(CODES_OF_THE_SDK, code)) Object.assign(error, { code: CODES_OF_THE_SDK[code] });
    // Without the status, an answer that was cut short looks like a service that is not there.
    if (this.status !== 0) Object.assign(error, { $metadata: { httpStatusCode: this.status } });
    this.reject(error);
  }

  /** A request that still waits for its connection is aborted when it starts. */
  private readonly abort = (): void => {
    const error = Object.assign(new Error('the request is aborted'), { name: 'AbortError' });
    this.controller?.abort(error);
    this.reject(error);
  };
}
