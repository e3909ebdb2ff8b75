import { printable } from '../../common/printable.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import type { MessageSender, QueueLimits, SendResult } from '../../queue/queue.js';
import { messageBytes, type WireMessage } from '../../queue/wire-message.js';
import { checkAnswer, resultOf } from './answer-result.js';
import { HttpExchange } from './http-exchange.js';
import { HTTP_FEATURES, THRIFT_TYPE } from './http-features.js';
import {
  checkHeaders,
  type HttpSenderOptions,
  type ResolvedHttpSenderOptions,
  resolveHttpSenderOptions,
} from './http-sender-options.js';
import { type HeaderValues, headersOf, MAX_ATTRIBUTES } from './message-headers.js';

/**
 * Posts each message to an HTTP server, as the clients of Apache Thrift do. A send is answered 200
 * once the server has taken the message, or has handled it: the server decides. Follows no redirect.
 * Repeats nothing by itself, except once over a new connection if the server had closed an idle one.
 */
export class HttpSender implements MessageSender {
  readonly name: string;
  readonly carrier = 'http';
  readonly features = HTTP_FEATURES;
  readonly limits: QueueLimits;
  private readonly options: ResolvedHttpSenderOptions;
  private readonly http: HttpExchange;
  private isClosed = false;

  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(options: HttpSenderOptions, clock: Clock = systemClock) {
    this.options = resolveHttpSenderOptions(options);
    const { url, maxBodyBytes } = this.options;
    this.name = `${url.origin}${url.pathname}`;
    this.limits = {
      messageBytes: maxBodyBytes,
      batchBytes: maxBodyBytes,
      // One request is one message, so that the result of a request is that of its message.
      batchEntries: 1,
      attributes: MAX_ATTRIBUTES,
      leaseSeconds: 0,
    };
    this.http = new HttpExchange({ ...this.options, name: this.name, clock });
  }

  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    const [message, ...others] = messages;
    if (this.isClosed) throw this.closedError();
    if (message === undefined || others.length > 0) {
      throw this.refusal('WrongNumberOfEntries', 'a send takes one message. Send each message by itself.');
    }
    const fault = this.faultOf(message);
    if (fault !== undefined) return [{ ok: false, error: fault }];
    const headers = this.headersOf(message);
    return [headers instanceof QueueError ? { ok: false, error: headers } : await this.post(message, headers)];
  }

  /**
   * Asks the server for an answer, with a request `OPTIONS`. Rejects with a {@link QueueError} if the
   * server does not answer, serves nothing at this path, or takes no messages.
   */
  async check(): Promise<void> {
    if (this.isClosed) throw this.closedError();
    const headers = { ...(await this.ownHeaders()), 'content-length': '0' };
    checkAnswer(await this.http.run({ method: 'OPTIONS', headers }), this.name);
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.http.close();
    return Promise.resolve();
  }

  private async post(message: WireMessage, own: HeaderValues): Promise<SendResult> {
    const body = message.body as Uint8Array;
    const headers = {
      'user-agent': 'nestjs-sqs-thrift',
      ...(await this.ownHeaders()),
      ...own,
      accept: THRIFT_TYPE,
      'content-type': THRIFT_TYPE,
      'content-length': String(body.length),
    };
    return resultOf(await this.http.run({ method: 'POST', headers, body }), this.name);
  }

  private async ownHeaders(): Promise<Readonly<Record<string, string>>> {
    try {
      return checkHeaders({ ...(await this.options.headers()) });
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : printable(String(cause));
      const text = `the option headers of ${this.name} failed: ${message}. Nothing was sent.`;
      throw new QueueError(text, { code: 'HeadersFailed', kind: 'credentials', queue: this.name, cause });
    }
  }

  /** Returns the error of a message that cannot be posted. */
  private faultOf(message: WireMessage): QueueError | undefined {
    const { body, delaySeconds = 0 } = message;
    if (typeof body === 'string' || body.length === 0)
      return this.refusal('InvalidBody', 'a body must be bytes, at least one.');
    if (delaySeconds > 0) return this.refusal('DelayRefused', 'HTTP has no delay. Leave out the delay.');
    const bytes = messageBytes(message);
    const { maxBodyBytes } = this.options;
    if (bytes > maxBodyBytes) {
      const text = `${bytes} bytes exceed maxBodyBytes, which is ${maxBodyBytes}. Send fewer bytes, or raise it at both ends.`;
      return this.refusal('TooLarge', text);
    }
    return undefined;
  }

  /** Returns what travels beside the body, or the error of a message whose headers cannot carry it. */
  private headersOf(message: WireMessage): HeaderValues | QueueError {
    try {
      return headersOf(message);
    } catch (error) {
      return this.refusal('AttributesRefused', `headers cannot carry ${(error as Error).message}.`);
    }
  }

  private refusal(code: string, text: string): QueueError {
    return new QueueError(`${this.name} does not take the message: ${text}`, {
      code,
      kind: 'invalid',
      queue: this.name,
    });
  }

  private closedError(): QueueError {
    const text = `the sender to ${this.name} is closed. Create another sender.`;
    return new QueueError(text, { code: 'QueueClosed', kind: 'closed', queue: this.name });
  }
}
