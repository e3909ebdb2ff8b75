import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { printable } from '../../common/printable.js';
import { EVENT_ID_ATTRIBUTE } from '../../event/event-id.js';
import { type Clock, sleep } from '../../queue/clock.js';
import { sharedController } from '../../queue/shared-signal.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import type { Arrival, ArrivalEnd, InboxOwner } from '../inbox/arrival.js';
import { RequestBodies, STOPPING } from './request-bodies.js';
import { pathOf, requestFault } from './check-request.js';
import { type Exchange, HttpAnswers } from './http-answers.js';
import type { HttpRequestInfo, ResolvedHttpReceiverOptions } from './http-receiver-options.js';
import type { CarrierNotice } from '../../queue/carrier-notice.js';
import { messageFrom, OUTCOME_HEADER } from './message-headers.js';
import { busy, RefusedRequest, type HttpRefusal } from './refusal.js';

/** Takes the messages of requests. */
export interface MessageSink {
  readonly isFull: boolean;
  push(arrival: Arrival): string;
}

export interface HttpEndpointParts {
  readonly name: string;
  readonly clock: Clock;
  readonly options: ResolvedHttpReceiverOptions;
  /** Returns why a body can never be handled. Undefined for a body that is to be handled. */
  readonly check: (body: Uint8Array) => HttpRefusal | undefined;
  readonly report: (notice: CarrierNotice) => void;
  /** Frees the server of the endpoint. */
  readonly closeServer: () => Promise<void>;
}

/** Passes a request on to the application. */
export type Next = (error?: unknown) => void;

/** Time in ms for bodies that are being read when the endpoint stops. */
const STOP_MS = 2_000;

/** Answers requests, and turns their bodies into messages of an inbox. */
export class HttpEndpoint implements InboxOwner {
  private state: 'starting' | 'open' | 'stopping' = 'starting';
  private sink: MessageSink | undefined;
  private readonly bodies: RequestBodies;
  private readonly answers: HttpAnswers;
  private readonly reading = new Set<IncomingMessage>();
  private readonly giveUp = sharedController();
  private readonly allRead = sharedController();

  constructor(private readonly parts: HttpEndpointParts) {
    this.bodies = new RequestBodies({ clock: parts.clock, ...parts.options });
    this.answers = new HttpAnswers(parts.clock);
  }

  /** Accepts messages from now on. */
  open(sink: MessageSink): void {
    this.sink = sink;
    if (this.state === 'starting') this.state = 'open';
  }

  /** Handles a request, or passes it on if it names a path below the endpoint. */
  handle(request: IncomingMessage, response: ServerResponse, next?: Next): void {
    const exchange = { request, response };
    const path = pathOf(request);
    // A server that mounts a listener removes the path of its place.
    if (path !== this.parts.options.path && (path !== '/' || next === undefined)) {
      if (next) return next();
      return this.answers.refuse(exchange, {
        status: 404,
        text: `Thrift calls are served at ${this.parts.options.path}`,
      });
    }
    this.reading.add(request);
    void this.accept(exchange).finally(() => this.read(request));
  }

  /** Refuses further requests, and gives those that are being read a moment. */
  async stop(): Promise<void> {
    this.state = 'stopping';
    this.answers.closesConnections = true;
    if (this.reading.size > 0) await sleep(this.parts.clock, STOP_MS, this.allRead.signal);
    this.giveUp.abort();
  }

  async close(): Promise<void> {
    this.state = 'stopping';
    this.answers.closesConnections = true;
    this.giveUp.abort();
    await this.parts.closeServer();
  }

  private read(request: IncomingMessage): void {
    this.reading.delete(request);
    if (this.state === 'stopping' && this.reading.size === 0) this.allRead.abort();
  }

  /** Reads and answers a request. Never rejects. */
  private async accept(exchange: Exchange): Promise<void> {
    try {
      await this.checkAccess(exchange.request);
      const fault = requestFault(exchange.request, this.parts.options.maxBodyBytes);
      if (fault) throw new RefusedRequest(fault);
      const beside = besideBody(exchange.request);
      const body = await this.bodies.read(exchange.request, this.giveUp.signal);
      this.deliver(exchange, body, beside);
    } catch (error) {
      if (error instanceof RefusedRequest) this.answers.refuse(exchange, error.refusal);
      else if (!exchange.request.destroyed) this.answers.refuse(exchange, this.defect(error));
    }
  }

  /** @throws RefusedRequest the endpoint takes no messages now, or not from this client */
  private async checkAccess(request: IncomingMessage): Promise<void> {
    this.checkRoom();
    const { authorize } = this.parts.options;
    if (authorize === undefined || (await authorize(request)) === true) return;
    throw new RefusedRequest({ status: 401, text: 'the request has no acceptable credentials' });
  }

  /** @throws RefusedRequest the endpoint takes no messages now */
  private checkRoom(): MessageSink {
    const { sink, state } = this;
    if (state === 'stopping') throw new RefusedRequest(STOPPING);
    if (state === 'starting' || sink === undefined) throw new RefusedRequest(busy('the server starts; try again'));
    if (sink.isFull) throw new RefusedRequest(busy('too many messages wait here at this moment; try again'));
    return sink;
  }

  private deliver(exchange: Exchange, body: Buffer, beside: Beside): void {
    const { options, check } = this.parts;
    // The state may have changed meanwhile. A body that was read before a stop is still taken.
    const sink = this.state === 'stopping' && !this.giveUp.signal.aborted ? this.sink! : this.checkRoom();
    const refusal = check(body);
    const waits = options.answer === 'handled';
    const message = {
      body,
      ...beside,
      attributes: this.identified(beside.attributes, body),
      raw: infoOf(exchange.request),
    };
    const id: string = sink.push({
      ...message,
      bytesBeside: headerBytes(exchange.request),
      onRelease: waits ? 'give-back' : 'retry',
      ended: (end) => (waits ? this.answerEnd(exchange, id, end, refusal) : this.noteLoss(id, end)),
    });
    if (waits) return;
    if (refusal) this.answers.refuse(exchange, refusal);
    else this.answers.accept(exchange, id);
  }

  /** Answers a request whose message has ended. */
  private answerEnd(exchange: Exchange, id: string, end: ArrivalEnd, refusal: HttpRefusal | undefined): void {
    if (end.type === 'handled') return this.answers.accept(exchange, id);
    if (end.type === 'discarded') {
      return this.answers.refuse(exchange, refusal ?? { status: 400, text: `${end.reason}: the message was rejected` });
    }
    if (end.type !== 'given-back' || end.cause === 'not-started') return this.answers.refuse(exchange, STOPPING);
    const { headers, ...failed } = busy('the message was not handled; send it again', end.seconds);
    this.answers.refuse(exchange, { ...failed, headers: { ...headers, [OUTCOME_HEADER]: 'failed' } });
  }

  /** Reports a message that was answered 200 and is lost. */
  private noteLoss(id: string, { type }: ArrivalEnd): void {
    if (type === 'handled' || type === 'discarded' || type === 'given-back') return;
    const why =
      type === 'left'
        ? 'the worker was closed before it was settled'
        : 'it failed for too long, and the dead-letter queue did not take it';
    this.parts.report({
      kind: `lost-${type}`,
      level: 'error',
      text: `message ${id} of ${this.parts.name} is lost: ${why}`,
    });
  }

  private identified(attributes: Attributes, body: Buffer): Attributes {
    if (this.parts.options.eventIds === 'header' || EVENT_ID_ATTRIBUTE in attributes) return attributes;
    return Object.assign(attributes, { [EVENT_ID_ATTRIBUTE]: createHash('sha256').update(body).digest('base64url') });
  }

  private defect(error: unknown): HttpRefusal {
    const message = error instanceof Error ? error.message : printable(String(error), 256);
    this.parts.report({
      kind: 'failed-request',
      level: 'error',
      text: `${this.parts.name} failed to answer a request: ${message}`,
    });
    return { status: 500, text: 'the server failed; its log says why' };
  }
}

type Attributes = ReceivedMessage['attributes'];
type Beside = ReturnType<typeof messageFrom>;

/** @throws RefusedRequest a header is not acceptable */
function besideBody({ headers }: IncomingMessage): Beside {
  try {
    return messageFrom(headers);
  } catch (error) {
    throw new RefusedRequest({ status: 400, text: (error as Error).message });
  }
}

/** Counts the characters of the headers, which a message keeps for its handlers. */
function headerBytes({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, 0);
}

function infoOf({ headers, socket }: IncomingMessage): HttpRequestInfo {
  return { headers, remoteAddress: socket.remoteAddress };
}
