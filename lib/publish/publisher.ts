import { AsyncResource } from 'node:async_hooks';
import type { EventSink } from '../diagnostics/event-sink.js';
import type { OnewayCall } from '../event/contract.js';
import type { EventCodec } from '../event/event-codec.js';
import type { EventMethod } from '../event/event-methods.js';
import type { Route } from '../event/routing.js';
import type { Clock } from '../queue/clock.js';
import type { MessageSender, QueueFeatures } from '../queue/queue.js';
import type { WireBody } from '../queue/wire-message.js';
import type { BufferState } from './buffer-usage.js';
import { callEvent, quiet, UNOPENED_QUEUE } from './call-result.js';
import { type CallContent, hasEventId, type PendingCall, type SendOptions, type Wrapping } from './outgoing-message.js';
import { followed, type TraceAttributes } from './trace-context.js';
import type { ResolvedPublishOptions } from './publish-options.js';
import { type PostedCall, SendBuffer } from './send-buffer.js';

export interface PublisherParts {
  /**
   * Opens a queue by its name in the contract; undefined opens the queue of methods without a name.
   * Called again after a failure.
   */
  readonly open: (queue: string | undefined) => Promise<MessageSender>;
  /** Body type of all queues. Calls are encoded before a queue is open. */
  readonly body: QueueFeatures['body'];
  /**
   * False if no queue carries message group ids and deduplication ids. The ids of the contract are
   * then left out, so that a contract for SQS serves other carriers too. Default true.
   */
  readonly carriesIds?: boolean | undefined;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly report: EventSink;
  readonly options: ResolvedPublishOptions;
  /** Takes each change of the state of a queue, by its name in the contract. */
  readonly queueChanged?: (queue: string | undefined, isUp: boolean) => void;
}

/**
 * Publishes calls, each with one result. Each queue has its own send buffer with its own limits, so
 * a slow queue delays only its own calls.
 */
export class Publisher {
  private readonly sendBuffers: ReadonlyMap<string | undefined, SendBuffer>;
  private closing: Promise<void> | undefined;

  constructor(protected readonly parts: PublisherParts) {
    const { codec, body } = parts;
    const wrapping = new CodecWrapping(codec, body);
    const bufferOf = (name: string | undefined): SendBuffer =>
      new SendBuffer({
        ...parts,
        wrapping,
        open: () => parts.open(name),
        setUp: (isUp) => parts.queueChanged?.(name, isUp),
      });
    this.sendBuffers = new Map([...codec.contract.queues()].map((name) => [name, bufferOf(name)]));
  }

  /** Opens all queues. Rejects with the error of an opening, or if the publisher is closed. */
  async connect(): Promise<void> {
    await Promise.all([...this.sendBuffers.values()].map((sendBuffer) => sendBuffer.connect()));
  }

  /**
   * Asks each queue for an answer, and opens the queues that are not open yet. Rejects with the error
   * of the first queue that does not answer.
   */
  async check(): Promise<void> {
    await Promise.all([...this.sendBuffers.values()].map((sendBuffer) => sendBuffer.check()));
  }

  /**
   * Refuses further calls. Sends the waiting calls within the flush timeout, fails the rest, and
   * closes the queues. Idempotent.
   *
   * @param hurry ends the wait as the flush timeout does
   */
  close(hurry?: AbortSignal): Promise<void> {
    return (this.closing ??= this.closeAll(hurry));
  }

  /** Describes the send buffers at this moment. */
  get states(): readonly BufferState[] {
    return [...this.sendBuffers].map(([name, sendBuffer]) => sendBuffer.state(name ?? UNOPENED_QUEUE));
  }

  /** Describes what a close waits for. Undefined if there is nothing. */
  waitsFor(): string | undefined {
    const texts = [...this.sendBuffers.values()].flatMap((sendBuffer) => sendBuffer.waitsFor() ?? []);
    return texts.length > 0 ? texts.join(' and ') : undefined;
  }

  /**
   * Resolves with the message id once the queue has stored the call. Encodes the call at once, so
   * its arguments may change afterwards. The contract supplies options that `beside` omits. The
   * message carries `tracing`, and the context of OpenTelemetry, as far as the queue takes attributes.
   *
   * Rejects with ContractError, ThriftCodecError or PublishError before anything is sent, or with
   * QueueError if the queue did not store the call. An ignored rejection does no harm.
   */
  publish(call: OnewayCall, beside: SendOptions = NOTHING, tracing?: TraceAttributes): Promise<string> {
    try {
      const target = this.parts.codec.method(call.method, call.service);
      return this.sendBuffers.get(target.route.queue)!.post(this.pendingCall(call, target, beside, tracing));
    } catch (error) {
      return this.refuse(call.method, error as Error);
    }
  }

  /**
   * Publishes a call as {@link publish} does, but waits while the send buffer is full. Encodes the
   * call before the wait. Resolves once the call is in the buffer, and rejects if the call cannot be
   * encoded.
   */
  publishWhenRoom(call: OnewayCall, beside: SendOptions = NOTHING, tracing?: TraceAttributes): Promise<PostedCall> {
    try {
      const target = this.parts.codec.method(call.method, call.service);
      return this.sendBuffers.get(target.route.queue)!.postWhenRoom(this.pendingCall(call, target, beside, tracing));
    } catch (error) {
      return this.refuse(call.method, error as Error);
    }
  }

  /** Resolves when no buffer holds a call, so each call so far has its result. */
  async whenSent(): Promise<void> {
    await Promise.all([...this.sendBuffers.values()].map((sendBuffer) => sendBuffer.whenEmpty()));
  }

  /** Rejects a call that reaches no send buffer, and reports the failure. */
  refuse(method: string, error: Error): Promise<never> {
    this.parts.report(callEvent(UNOPENED_QUEUE, method, { ok: false, error }, 0));
    return quiet(Promise.reject(error));
  }

  /** Encodes a call, and completes its options from the contract. */
  protected pendingCall(
    { method, args }: OnewayCall,
    target: EventMethod,
    beside: SendOptions,
    given?: TraceAttributes,
  ): PendingCall {
    const content = this.encode(target, args);
    const queue = this.sendBuffers.get(target.route.queue)?.queue;
    const shares = content.type === 'call' && !hasEventId(beside);
    const scope = content.type === 'call' ? new AsyncResource('nestjs-sqs-thrift') : undefined;
    // The trace begins last: what throws before has no trace to end.
    const options = withRoute(beside, this.routeOf(target), args);
    const tracing = followed({ queue, service: target.service, method, shares }, beside.attributes, given);
    return {
      method,
      beside: options,
      content,
      trace: tracing?.trace,
      tracing: tracing?.tracing,
      scope,
    };
  }

  private routeOf({ route }: EventMethod): Route {
    if (this.parts.carriesIds !== false) return route;
    return route.delaySeconds === undefined ? NO_ROUTE : { delaySeconds: route.delaySeconds };
  }

  /** Encodes a call. Only a call that may share a body needs its bytes. */
  private encode(target: EventMethod, args: OnewayCall['args']): CallContent {
    const { options, body } = this.parts;
    if (options.pack) return { type: 'call', ...target.encodeCosted(args) };
    return { type: 'body', body: target.encodeBody(args, body) };
  }

  private async closeAll(hurry: AbortSignal | undefined): Promise<void> {
    await Promise.all([...this.sendBuffers.values()].map((sendBuffer) => sendBuffer.close(hurry)));
  }
}

/** Makes bodies with an event codec. */
class CodecWrapping implements Wrapping {
  constructor(
    private readonly codec: EventCodec,
    private readonly body: QueueFeatures['body'],
  ) {}

  get limits(): Wrapping['limits'] {
    return this.codec.limits;
  }

  toBody(calls: Buffer): WireBody {
    return this.codec.toBody(calls, this.body);
  }

  bodyBytes(callBytes: number): number {
    return this.codec.bodyBytes(callBytes, this.body);
  }
}

const NOTHING: SendOptions = Object.freeze({});
const NO_ROUTE: Route = Object.freeze({});

/** Completes the send options of a call with the options that the contract supplies. */
function withRoute(options: SendOptions, route: Route, args: OnewayCall['args']): SendOptions {
  const { groupId, deduplicationId, delaySeconds } = route;
  const isPlain = groupId === undefined && deduplicationId === undefined && delaySeconds === undefined;
  if (options === NOTHING && isPlain) return NOTHING;
  return givenOptions(
    options.attributes,
    options.groupId ?? groupId?.(args),
    options.deduplicationId ?? deduplicationId?.(args),
    options.delaySeconds ?? delaySeconds,
  );
}

/** Leaves out undefined options. */
function givenOptions(
  attributes: SendOptions['attributes'],
  groupId: string | undefined,
  deduplicationId: string | undefined,
  delaySeconds: number | undefined,
): SendOptions {
  const given: { -readonly [Option in keyof SendOptions]: SendOptions[Option] } = {};
  // Copied, because the caller may change the object for the next call.
  if (attributes) given.attributes = { ...attributes };
  if (groupId !== undefined) given.groupId = groupId;
  if (deduplicationId !== undefined) given.deduplicationId = deduplicationId;
  if (delaySeconds !== undefined) given.delaySeconds = delaySeconds;
  return given;
}
