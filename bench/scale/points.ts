import { carry, type Flow, FULL_LOAD } from '../flow/carry.js';
import { now } from '../flow/clock.js';
import type { OwnConsumerOptions } from '../flow/own-consumer.js';
import type { OwnProducerOptions } from '../flow/own-producer.js';
import type { Candidate, Setting, Values } from '../kit/bench.js';
import { type Child, startChild } from '../kit/child.js';
import { EVENT_BYTES, eventBody } from '../kit/events.js';
import type { QueueServer } from '../queue-server/start.js';

/** Says how calls travel. */
export interface Packing extends Setting {
  readonly pack: boolean;
}

/** A point that differs in one dimension from the others. */
export interface Point {
  readonly name: string;
  readonly events: number;
  /** True if the events are in the queue before the consumers start. */
  readonly waiting?: boolean;
  readonly producers?: number;
  readonly consumers?: number;
  readonly concurrency?: number;
  readonly handlerMs?: number;
  /** True if the point makes sense for packed calls as well. */
  readonly packed?: boolean;
}

const PRODUCER = new URL('../flow/own-producer.js', import.meta.url);
const CONSUMER = new URL('../flow/own-consumer.js', import.meta.url);
/** Events that warm up new processes, because the first ones are slow. */
const WARM_UP = 2000;

/** Creates a candidate whose every sample starts new processes, so that memory is that of one size. */
export function pointCandidate(point: Point, server: QueueServer): Candidate<Packing> {
  return {
    name: point.name,
    takes: ({ pack }) => point.packed === true || !pack,
    start: () =>
      Promise.resolve({
        measure: (packing, share) => measure(point, packing, share, server),
        stop: () => Promise.resolve(),
      }),
  };
}

let queues = 0;

async function measure(point: Point, { pack }: Packing, share: number, server: QueueServer): Promise<Values> {
  const { producers = 1, consumers = 1, concurrency, handlerMs = 0 } = point;
  queues += 1;
  const where = { endpoint: server.endpoint, queue: `scale-${queues}` };
  const children: Child[] = [];
  const start = async (program: URL, options: OwnConsumerOptions | OwnProducerOptions): Promise<Child> => {
    const child = await startChild(program);
    children.push(child);
    await child.ask('start', options);
    return child;
  };
  const startAll = (count: number, begin: () => Promise<Child>): Promise<Child[]> =>
    Promise.all(Array.from({ length: count }, begin));
  try {
    const [senders, receivers] = await Promise.all([
      startAll(producers, () => start(PRODUCER, { ...where, client: { pack } })),
      startAll(consumers, () =>
        start(CONSUMER, { ...where, handlerMs, ...(concurrency !== undefined && { server: { concurrency } }) }),
      ),
    ]);
    const flow = (events: number): Flow => ({ ...FULL_LOAD, events: Math.max(20, Math.round(events * share)) });
    // Slow handlers would take longer to warm up than to be measured.
    await carry(senders, receivers, flow(handlerMs > 0 ? Math.min(WARM_UP, point.events) : WARM_UP));
    await server.reset(0);
    const task = flow(point.events);
    const { queue } = where;
    const fill = (): Promise<void> =>
      server.preload({ queue, body: eventBody(0, EVENT_BYTES, now()), count: task.events });
    const [carried] = await (point.waiting
      ? Promise.all([carry([], receivers, task), fill()])
      : Promise.all([carry(senders, receivers, task)]));
    const { requests } = await server.counts();
    const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
    const { eventsPerSecond, producerCpu, consumerCpu, p50, p99, producerRss, consumerRss } = carried;
    const requestsPerEvent = total / task.events;
    const ofConsumers = { eventsPerSecond, consumerCpu, p50, p99, consumerRss, requestsPerEvent };
    return point.waiting ? ofConsumers : { ...ofConsumers, producerCpu, producerRss };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}
