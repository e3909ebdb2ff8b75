import http, { type Agent, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import net from 'node:net';
import { HttpInbox, type HttpInboxParts } from '#lib/carriers/http/http-inbox.js';
import type { HttpReceiverOptions } from '#lib/carriers/http/http-receiver-options.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';

/** ONEWAY of `run` with an empty struct of arguments. */
export const BODY = Buffer.from('80010004 00000003 72756e 00000000 00'.replaceAll(' ', ''), 'hex');

/** An answer as a client sees it. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** A request of a test. Without `headers` it is that of a client of Apache Thrift. */
export interface TestRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: Uint8Array;
  readonly agent?: Agent;
}

/** Makes a request. Rejects if there is no whole answer. */
export function ask(
  port: number,
  { method = 'POST', path = '/thrift', headers, body = BODY, agent }: TestRequest = {},
): Promise<Reply> {
  const given = { 'content-type': 'application/x-thrift', 'content-length': String(body.length), ...headers };
  const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: RequestOptions = {
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: sent as never,
    agent: agent ?? false,
  };
  return new Promise((resolve, reject) => {
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode!, headers: response.headers, bytes, text: bytes.toString() });
      });
    });
    request.on('error', reject);
    request.end(body.length > 0 ? body : undefined);
  });
}

/** A connection that speaks no HTTP by itself. */
export class RawConnection {
  private received = '';
  private readonly socket: net.Socket;
  private readonly closed: Promise<void>;
  private readonly waiting: (() => void)[] = [];

  constructor(port: number) {
    this.socket = net.connect(port, '127.0.0.1');
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
      for (const wake of this.waiting.splice(0)) wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        resolve();
        for (const wake of this.waiting.splice(0)) wake();
      });
    });
  }

  write(data: string | Uint8Array): void {
    this.socket.write(data);
  }

  /** Waits for a text from the server, and returns everything so far. */
  async until(text: string): Promise<string> {
    while (!this.received.includes(text)) {
      if (this.socket.destroyed) throw new Error(`the server closed, after ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    return this.received;
  }

  /** Waits until the server has closed, and returns everything it sent. */
  async untilClosed(): Promise<string> {
    await this.closed;
    return this.received;
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** A receiver with a server of its own, that accepts messages. */
export interface TestReceiver {
  readonly receiver: HttpInbox;
  readonly port: number;
}

/** Starts a receiver on any free port. The test closes it. */
export async function startReceiver(
  options: HttpReceiverOptions = {},
  parts: HttpInboxParts = {},
): Promise<TestReceiver> {
  const receiver = new HttpInbox({ port: 0, host: '127.0.0.1', path: '/thrift', ...options }, parts);
  await receiver.listen();
  // Before the first receive the server takes no message.
  await take(receiver, 0);
  return { receiver, port: receiver.address!.port };
}

/** Receives up to ten messages. */
export function take(receiver: HttpInbox, waitSeconds = 10): Promise<readonly ReceivedMessage[]> {
  return receiver.receive({ max: 10, waitSeconds, visibilityTimeoutSeconds: 30 });
}

/** Receives one message. */
export async function takeOne(receiver: HttpInbox): Promise<ReceivedMessage> {
  const [message] = await receiver.receive({ max: 1, waitSeconds: 10, visibilityTimeoutSeconds: 30 });
  if (message === undefined) throw new Error('no message arrived');
  return message;
}
