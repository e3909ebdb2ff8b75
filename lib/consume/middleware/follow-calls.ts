import { type EventSink, isHeard } from '../../diagnostics/event-sink.js';
import { UNKNOWN_CARRIER } from '../../diagnostics/request-follower.js';
import { currentTracer, type TracedQueue } from '../../diagnostics/tracer.js';
import type { Clock } from '../../queue/clock.js';
import type { OnewayCall } from '../../event/contract.js';
import type { CallHandler, Delivery } from '../delivery.js';
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
  return (next) => (call, delivery, at) => {
    const isFollowed = currentTracer() !== undefined || isHeard(parts.report, 'handled');
    // The delivery may abort while the idempotency store is asked. Its handlers do not run then.
    if (!isFollowed || delivery.aborts.aborted) return next(call, delivery, at);
    return followed(parts, call, delivery, () => next(call, delivery, at));
  };
}

async function followed(
  { queue, clock, report }: FollowCallsParts,
  { service = '', method }: OnewayCall,
  delivery: Delivery,
  run: () => ReturnType<CallHandler>,
): Promise<void> {
  const { message } = delivery;
  const { name, carrier = UNKNOWN_CARRIER } = queue;
  const trace = currentTracer()?.handle({ queue, service, method, message });
  const startedAt = clock.now();
  const end = (error?: unknown): void => {
    trace?.end(error);
    if (!isHeard(report, 'handled')) return;
    report({
      type: 'handled',
      queue: name,
      carrier,
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
  try {
    await (trace ? trace.run(run) : run());
  } catch (error) {
    // A handler may throw undefined, which is a failure too.
    end(error ?? new Error('a handler threw nothing'));
    throw error;
  }
  end();
}
