import type { Clock } from '../queue/clock.js';
import type { QueueError } from '../queue/queue-error.js';
import type { EntryResult } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import { type EventSink, isHeard } from './event-sink.js';
import { type CallTrace, currentTracer, type RequestTrace, type TracedQueue } from './tracer.js';
import type { RequestEvent } from './transport-event.js';

/** Describes a request that is about to start. */
export interface FollowedRequest {
  readonly verb: RequestEvent['verb'];
  readonly queue: TracedQueue;
  /** Number of entries. A receive has none. */
  readonly entries: number;
  /** Bytes of the entries of a send. */
  readonly bytes?: number;
  /** The calls that a send carries. */
  readonly calls?: readonly (CallTrace | undefined)[];
  /** True if this process itself has ended the request, so that its failure says nothing. */
  readonly isCut?: () => boolean;
  /** The messages that the request is about. */
  readonly messages?: readonly ReceivedMessage[];
}

export interface RequestFollowerParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly report: EventSink;
}

type Answer = readonly (EntryResult | ReceivedMessage | undefined)[];

const NOTHING: readonly never[] = Object.freeze([]);
const NO_FAILURES: Readonly<Record<string, number>> = Object.freeze({});
const NO_FAULT = Object.freeze({ failures: NO_FAILURES, throttled: false });

/** Name of the carrier of queues that state none. */
export const UNKNOWN_CARRIER = 'custom';

/**
 * Performs requests to queues. Lets a tracer and the listeners of `request` events follow them.
 * Without any of both it costs two look-ups.
 */
export class RequestFollower {
  constructor(private readonly parts: RequestFollowerParts) {}

  /** Performs a request. Resolves and rejects as `run` does. */
  run<T extends Answer>(request: FollowedRequest, run: () => Promise<T>): Promise<T> {
    const tracer = currentTracer();
    const reports = isHeard(this.parts.report, 'request');
    if (!tracer && !reports) return run();
    const { verb, queue, calls = NOTHING, messages = NOTHING } = request;
    const trace = tracer?.request({ verb, queue, calls, messages });
    return reports || trace?.records === true ? this.follow(request, trace, run) : trace!.run(run);
  }

  private async follow<T extends Answer>(
    request: FollowedRequest,
    trace: RequestTrace | undefined,
    run: () => Promise<T>,
  ): Promise<T> {
    const { clock, report } = this.parts;
    const startedAt = clock.now();
    const end = (answer: Answer, error?: unknown): void => {
      try {
        const event = toEvent(request, clock.now() - startedAt, answer, error);
        if (isHeard(report, 'request')) report(event);
        trace?.end(event, request.verb === 'receive' ? (answer as readonly ReceivedMessage[]) : NOTHING);
      } catch {
        // The answer of a broken carrier. The engine checks it by itself.
      }
    };
    try {
      const answer = await (trace ? trace.run(run) : run());
      end(answer);
      return answer;
    } catch (error) {
      end(NOTHING, request.isCut?.() === true ? undefined : error);
      throw error;
    }
  }
}

/** Writes each event as one object. A spread of parts costs several times as much, for each request. */
function toEvent(request: FollowedRequest, elapsedMs: number, answer: Answer, error: unknown): RequestEvent {
  const { verb, queue, bytes = 0 } = request;
  const { name, carrier = UNKNOWN_CARRIER } = queue;
  if (error !== undefined) {
    const { code = 'unknown', kind } = error as Partial<QueueError>;
    const failures = { [code]: Math.max(1, request.entries) };
    const throttled = kind === 'throttled';
    const { entries } = request;
    return { type: 'request', queue: name, carrier, verb, elapsedMs, entries, bytes, throttled, failures, error };
  }
  const received = verb === 'receive' ? (answer as readonly ReceivedMessage[]) : undefined;
  const { failures, throttled } = received ? NO_FAULT : failuresOf(answer as readonly (EntryResult | undefined)[]);
  return {
    type: 'request',
    queue: name,
    carrier,
    verb,
    elapsedMs,
    entries: received?.length ?? request.entries,
    bytes: received ? bytesOf(received) : bytes,
    throttled,
    failures,
  };
}

function failuresOf(results: readonly (EntryResult | undefined)[]): Pick<RequestEvent, 'failures' | 'throttled'> {
  let failures: Record<string, number> | undefined;
  let throttled = false;
  for (const result of results) {
    if (!result || result.ok) continue;
    // A code may be the name of a member of all objects.
    failures ??= Object.create(null) as Record<string, number>;
    failures[result.error.code] = (failures[result.error.code] ?? 0) + 1;
    throttled ||= result.error.kind === 'throttled';
  }
  return { failures: failures ?? NO_FAILURES, throttled };
}

/** Counts the bytes of received bodies and attributes. A body counts its characters, which are bytes in base64 and nearly in JSON. */
function bytesOf(messages: readonly ReceivedMessage[]): number {
  let bytes = 0;
  for (const { body, attributes } of messages) {
    bytes += body.length;
    for (const name in attributes) bytes += name.length + attributes[name]!.length;
  }
  return bytes;
}
