import { type EventSink, isHeard } from '../../diagnostics/event-sink.js';
import { UNKNOWN_CARRIER } from '../../diagnostics/request-follower.js';
import { currentTracer, type HandlingTrace, type TracedQueue } from '../../diagnostics/tracer.js';
import type { OnewayCall } from '../../event/contract.js';
import type { Clock } from '../../queue/clock.js';
import type { Delivery } from '../delivery.js';
import type { CallMiddleware } from '../pipeline.js';

export interface FollowCallsParts {
  readonly queue: TracedQueue;
  readonly clock: Pick<Clock, 'now'>;
  readonly report: EventSink;
}

/**
 * Runs the handlers of a call in the context of their trace, and reports their end. Without a tracer
 * and listeners of `handled` events it costs two look-ups.
 */
export function followCalls(parts: FollowCallsParts): CallMiddleware {
  const { queue, report } = parts;
  return (next) => (call, delivery, at) => {
    const tracer = currentTracer();
    const reports = isHeard(report, 'handled');
    // The delivery may abort while the idempotency store is asked. Its handlers do not run then.
    if ((!tracer && !reports) || delivery.aborts.aborted) return next(call, delivery, at);
    const { service = '', method } = call;
    const { message, calls } = delivery;
    const trace = tracer?.handle({ queue, service, method, message, calls: calls.length });
    const run = (): Promise<void> => next(call, delivery, at);
    if (!reports && trace?.records !== true) return trace!.run(run);
    const startedAt = parts.clock.now();
    const running = trace ? trace.run(run) : run();
    return followed(running, startedAt, trace, parts, call, delivery);
  };
}

/** Notes the end of the handlers. */
function followed(
  running: Promise<void>,
  startedAt: number,
  trace: HandlingTrace | undefined,
  { queue, clock, report }: FollowCallsParts,
  { service = '', method }: OnewayCall,
  { message }: Delivery,
): Promise<void> {
  const end = (error?: unknown): void => {
    trace?.end(error);
    if (!isHeard(report, 'handled')) return;
    report({
      type: 'handled',
      queue: queue.name,
      carrier: queue.carrier ?? UNKNOWN_CARRIER,
      service,
      method,
      messageId: message.id,
      receiveCount: message.receiveCount,
      sentAt: message.sentAt,
      elapsedMs: clock.now() - startedAt,
      outcome: error === undefined ? 'succeeded' : 'failed',
      ...(error !== undefined && { error }),
    });
  };
  return running.then(
    () => end(),
    (error: unknown) => {
      // A handler may throw undefined, which is a failure too.
      end(error ?? new Error('a handler threw nothing'));
      throw error;
    },
  );
}
