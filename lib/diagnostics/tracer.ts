import { shared } from '../common/shared.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { RequestEvent, SettledEvent } from './transport-event.js';

/** A queue that is open. */
export interface TracedQueue {
  readonly name: string;
  readonly carrier?: string | undefined;
  readonly url?: string | undefined;
}

/** Describes a call that an application emits. */
export interface EmittedCall {
  /** The queue, once it is open. */
  readonly queue: TracedQueue | undefined;
  /** Service that declares the method. Undefined if unknown. */
  readonly service: string | undefined;
  readonly method: string;
  /** Attributes of tracing that the application has given. Undefined without any. */
  readonly given: Readonly<Record<string, string>> | undefined;
  /** True if the call may share a body with calls of other contexts. */
  readonly shares: boolean;
}

/** Result of a call or a body. */
export type TracedResult = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly error: unknown };

/** Follows a call, or a body that calls share, from its emit to its result. */
export interface CallTrace {
  /** True for a call that may share a body. Its own trace ends with its emit. */
  readonly shares: boolean;
  /** Attributes that carry the context of the call, within the limits of the queue. */
  readonly attributes: Readonly<Record<string, string>> | undefined;
  /** Header that carries the context to the tracer of the carrier. */
  readonly header: string | undefined;
  /**
   * Notes the result.
   *
   * @param queue the queue. Undefined if the queue was never open
   */
  end(queue: TracedQueue | undefined, result: TracedResult): void;
}

/** Describes a request to a queue. */
export interface TracedRequest {
  readonly verb: RequestEvent['verb'];
  readonly queue: TracedQueue;
  /** The calls and bodies that a send carries, as far as they are known. */
  readonly calls: readonly (CallTrace | undefined)[];
  /** The received messages that the request is about, or copies. */
  readonly messages: readonly ReceivedMessage[];
}

/** Follows one request. */
export interface RequestTrace {
  /** False if the end of the request need not be noted. */
  readonly records: boolean;
  /** Starts the request in the context of its trace. */
  run<T>(start: () => T): T;
  /** Notes the end of the request. `received` holds the messages that it returned. */
  end(event: RequestEvent, received: readonly ReceivedMessage[]): void;
}

/** Describes the handling of one call. */
export interface TracedHandling {
  readonly queue: TracedQueue;
  readonly service: string;
  readonly method: string;
  readonly message: ReceivedMessage;
  /** Number of calls of the message. */
  readonly calls: number;
}

/** Follows the handlers of one call. */
export interface HandlingTrace {
  /** False if the end of the handlers need not be noted. */
  readonly records: boolean;
  /** Starts the handlers in the context of their trace. */
  run<T>(start: () => T): T;
  /** Notes that the handlers have ended. `error` is undefined if they succeeded. */
  end(error: unknown): void;
}

/** Decision about a message after its handlers have ended. */
export interface TracedDecision {
  readonly outcome: SettledEvent['outcome'];
  readonly reason?: string | undefined;
  readonly delaySeconds?: number | undefined;
}

/**
 * Follows calls, requests and handlers in a system of tracing. Its methods and those of its results
 * never throw.
 */
export interface TransportTracer {
  /** False while nothing records traces. */
  readonly isActive: boolean;
  /** Begins to follow a call, in the context of its emit. */
  emit(call: EmittedCall): CallTrace;
  /**
   * Begins to follow a body that takes no more calls.
   *
   * @param calls what {@link emit} returned for its calls
   * @param since time at which the first call was added, in ms since the epoch
   */
  pack(calls: readonly CallTrace[], queue: TracedQueue, since: number): CallTrace;
  request(request: TracedRequest): RequestTrace;
  handle(handling: TracedHandling): HandlingTrace;
  /** Notes the decision about a message whose handlers have ended. */
  decide(message: ReceivedMessage, decision: TracedDecision): void;
  /** Starts requests that belong to no call, in a context without spans. */
  untraced<T>(start: () => T): T;
}

/**
 * Holds the tracer of this process, for all copies of this package, and the one that was removed last,
 * which still ends what it began.
 */
const current = shared<{ tracer: TransportTracer | undefined; removed: TransportTracer | undefined }>(
  'tracing-1',
  () => ({ tracer: undefined, removed: undefined }),
);

/** Returns the tracer of this process. Undefined while it would follow nothing. */
export function currentTracer(): TransportTracer | undefined {
  const { tracer } = current;
  return tracer?.isActive === true ? tracer : undefined;
}

/** Returns the tracer that follows the handlers which end now. Undefined while none would. */
export function endingTracer(): TransportTracer | undefined {
  const tracer = current.tracer ?? current.removed;
  return tracer?.isActive === true ? tracer : undefined;
}

/**
 * Starts requests that belong to no call, such as the opening of a queue. While a tracer is set, no
 * instrumentation makes spans of them.
 */
export function untraced<T>(start: () => T): T {
  const tracer = currentTracer();
  return tracer ? tracer.untraced(start) : start();
}

/** Sets the tracer of this process. */
export function setTracer(tracer: TransportTracer): void {
  current.tracer = tracer;
}

/** Removes a tracer, unless another one has taken its place. */
export function removeTracer(tracer: TransportTracer): void {
  if (current.tracer !== tracer) return;
  current.tracer = undefined;
  current.removed = tracer;
}
