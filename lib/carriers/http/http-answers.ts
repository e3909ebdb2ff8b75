import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../queue/clock.js';
import { THRIFT_TYPE } from './http-features.js';
import { MESSAGE_ID_HEADER } from './message-headers.js';
import type { HttpRefusal } from './refusal.js';

/** Time in ms for the rest of a body whose request is answered. A client reads its answer after that. */
const REST_MS = 5_000;

/** A request with its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Writes the answers of a server. */
export class HttpAnswers {
  /** True once every answer ends its connection. */
  closesConnections = false;

  constructor(private readonly clock: Clock) {}

  /**
   * Answers that the message is taken or handled: 200 without a body. Clients of Java, Go and Node
   * fail at any other status, even 202 and 204.
   */
  accept(exchange: Exchange, messageId: string): void {
    this.write(exchange, 200, { [MESSAGE_ID_HEADER]: messageId }, undefined, false);
  }

  refuse(exchange: Exchange, { status, text, headers = {}, body, closes = false }: HttpRefusal): void {
    const type = body ? THRIFT_TYPE : 'text/plain; charset=utf-8';
    const given = { ...headers, 'content-type': type };
    this.write(exchange, status, given, body ?? Buffer.from(`${text}\n`), closes);
    this.discardRest(exchange.request);
  }

  /** Writes an answer with headers that this call may change. */
  private write(
    { response }: Exchange,
    status: number,
    headers: Record<string, string>,
    body: Buffer | undefined,
    closes: boolean,
  ): void {
    // The client may be gone, or the application may have answered.
    if (response.headersSent || response.destroyed) return;
    headers['content-length'] = String(body?.length ?? 0);
    // HTTP/2 has no such header (RFC 9113, 8.2.2).
    if ((closes || this.closesConnections) && response.req.httpVersionMajor < 2) headers['connection'] = 'close';
    response.writeHead(status, headers);
    // An empty body would make two parts to write of one.
    if (body === undefined) response.end();
    else response.end(body);
  }

  /**
   * Reads what is left of a body, for a while. A connection that is closed with bytes unread is reset,
   * and the client would never see its answer.
   */
  private discardRest(request: IncomingMessage): void {
    if (request.complete || request.destroyed) return;
    const cancel = this.clock.setTimer(() => request.destroy(), REST_MS, { background: true });
    request.once('end', cancel).once('close', cancel);
    request.on('error', () => undefined);
    request.resume();
  }
}
