import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { MessageReceiver, ReceiveOptions } from '../../queue/queue.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { Inbox } from '../inbox/inbox.js';
import { HttpEndpoint } from './http-endpoint.js';
import type { CarrierNotice } from '../../queue/carrier-notice.js';
import { type HttpReceiverOptions, resolveHttpReceiverOptions } from './http-receiver-options.js';
import { type ListeningServer, startServer } from './http-server.js';
import { MAX_ATTRIBUTES } from './message-headers.js';
import type { HttpRefusal } from './refusal.js';

/**
 * Answers HTTP requests, as a listener of Node, and as a middleware of Express and Fastify.
 *
 * @publicApi
 */
export type HttpRequestListener = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * The receiving end of HTTP: the messages that clients post. Answers 503 until the first `receive`,
 * while it is full, and from the beginning of a drain.
 *
 * @publicApi
 */
export interface HttpReceiver extends MessageReceiver {
  /** Address of the server of the option `port`. Undefined without the option. */
  readonly address: AddressInfo | undefined;
  /**
   * Answers requests of another server. Mount it at a path before any middleware that reads bodies:
   * `app.use('/thrift', receiver.requestListener)`. It passes requests below that path on.
   */
  readonly requestListener: HttpRequestListener;
}

export interface HttpInboxParts {
  /** Default: the machine's monotonic clock. */
  readonly clock?: Clock | undefined;
  /** Returns why a body can never be handled. Default: any body may be handled. */
  readonly check?: ((body: Uint8Array) => HttpRefusal | undefined) | undefined;
  /** Takes what goes wrong and no client learns. Default: nobody takes it. */
  readonly report?: ((notice: CarrierNotice) => void) | undefined;
}

/**
 * Receives the messages that clients post, in memory and within limits. Answers 503 until the first
 * `receive`, while it is full, and from the beginning of a drain.
 */
export class HttpInbox extends Inbox implements HttpReceiver {
  override readonly carrier = 'http';
  private readonly endpoint: HttpEndpoint;
  private readonly startOwnServer: () => Promise<void>;
  private readonly own: { server?: ListeningServer };

  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(options: HttpReceiverOptions, parts: HttpInboxParts = {}) {
    const { clock = systemClock, check = () => undefined, report = () => undefined } = parts;
    const settings = resolveHttpReceiverOptions(options);
    const name = `http:${settings.path}`;
    const own: { server?: ListeningServer } = {};
    const closeServer = async (): Promise<void> => own.server?.close();
    const endpoint = new HttpEndpoint({ name, clock, options: settings, check, report, closeServer });
    super({ ...settings, name, clock, messageBytes: settings.maxBodyBytes, attributes: MAX_ATTRIBUTES }, endpoint);
    this.endpoint = endpoint;
    this.own = own;
    this.startOwnServer = async () => {
      const { port } = settings;
      if (port === undefined) return;
      const listener: HttpRequestListener = (request, response) => endpoint.handle(request, response);
      own.server = await startServer({ name, clock, options: { ...settings, port }, listener, report });
    };
  }

  /**
   * Starts the server of the option `port`. Does nothing without this option.
   *
   * @throws QueueError the server cannot listen at its port
   */
  listen(): Promise<void> {
    return this.startOwnServer();
  }

  /** Address of the server of the option `port`. Undefined before {@link listen}, or without the option. */
  get address(): AddressInfo | undefined {
    return this.own.server?.address;
  }

  /**
   * Answers requests of another server. Mount it at a path before any middleware that reads bodies:
   * `app.use('/thrift', receiver.requestListener)`. It passes requests below that path on.
   */
  readonly requestListener: HttpRequestListener = (request, response, next) => {
    this.endpoint.handle(request, response, next);
  };

  override receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    this.endpoint.open(this);
    return super.receive(options);
  }
}
