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
  /** Requests that are not answered, or whose message is not delivered yet. */
  private reading = 0;
  /** True once every body that has not arrived whole is refused. */
  private hasGivenUp = false;
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
    const path = request.url === this.parts.options.path ? request.url : pathOf(request);
    // A server that mounts a listener removes the path of its place.
    if (path !== this.parts.options.path && (path !== '/' || next === undefined)) {
      if (next) return next();
      return this.answers.refuse(exchange, {
        status: 404,
        text: `Thrift calls are served at ${this.parts.options.path}`,
      });
    }
    this.reading += 1;
    void this.accept(exchange);
  }

  /** Refuses further requests, and gives those that are being read a moment. */
  async stop(): Promise<void> {
    this.state = 'stopping';
    this.answers.closesConnections = true;
    if (this.reading > 0) await sleep(this.parts.clock, STOP_MS, this.allRead.signal);
    this.giveUp();
  }

  async close(): Promise<void> {
    this.state = 'stopping';
    this.answers.closesConnections = true;
    this.giveUp();
    await this.parts.closeServer();
  }

  private giveUp(): void {
    this.hasGivenUp = true;
    this.bodies.refuseAll(STOPPING);
  }

  private read(): void {
    this.reading -= 1;
    if (this.state === 'stopping' && this.reading === 0) this.allRead.abort();
  }

  /** Reads and answers a request. Never rejects. */
  private async accept(exchange: Exchange): Promise<void> {
    try {
      this.checkRoom();
      if (this.parts.options.authorize) await this.checkAccess(exchange.request, this.parts.options.authorize);
      const fault = requestFault(exchange.request, this.parts.options.maxBodyBytes);
      if (fault) throw new RefusedRequest(fault);
      const beside = besideBody(exchange.request);
      const body = await this.bodies.read(exchange.request);
      this.deliver(exchange, body, beside);
    } catch (error) {
      if (error instanceof RefusedRequest) this.answers.refuse(exchange, error.refusal);
      else if (!exchange.request.destroyed) this.answers.refuse(exchange, this.defect(error));
    }
    this.read();
  }

  /** @throws RefusedRequest the endpoint takes no messages from this client, or none any more */
  private async checkAccess(request: IncomingMessage, authorize: Authorize): Promise<void> {
    if ((await authorize(request)) !== true) {
      throw new RefusedRequest({ status: 401, text: 'the request has no acceptable credentials' });
    }
    if (this.hasGivenUp) throw new RefusedRequest(STOPPING);
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
    const sink = this.state === 'stopping' && !this.hasGivenUp ? this.sink! : this.checkRoom();
    const refusal = check(body);
    const waits = options.answer === 'handled';
    const id: string = sink.push({
      body,
      attributes: this.identified(beside.attributes, body),
      groupId: beside.groupId,
      raw: infoOf(exchange.request),
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

type Authorize = NonNullable<ResolvedHttpReceiverOptions['authorize']>;
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
  let sum = 0;
  for (const text of rawHeaders) sum += text.length;
  return sum;
}

function infoOf({ headers, socket }: IncomingMessage): HttpRequestInfo {
  return { headers, remoteAddress: socket.remoteAddress };
}
