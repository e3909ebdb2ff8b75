import { carry, type Flow } from '../flow/carry.js';
import type { Candidate, Running, Setting, Values } from '../kit/bench.js';
import { type Child, startChild } from '../kit/child.js';
import type { Way } from './ways.js';

/** Says how fast events are emitted. */
export interface Load extends Setting {
  readonly flow: Omit<Flow, 'events'>;
  /** Events of a sample. By default those of the way. */
  readonly events?: number;
}

/** Events that a smoke run carries at least. */
const LEAST_EVENTS = 20;

/** Creates a candidate that keeps both processes for all its samples. */
export function wayCandidate(way: Way): Candidate<Load> {
  return {
    name: way.name,
    takes: ({ events }) => events !== undefined || way.events > 0,
    missing: way.missing,
    ...(way.versions !== undefined && { versions: way.versions }),
    start: () => start(way),
  };
}

async function start(way: Way): Promise<Running<Load>> {
  const between = await way.open();
  const children: Child[] = [];
  const stop = async (): Promise<void> => {
    for (const child of children) await child.stop();
    await between.close();
  };
  const startOne = async (program: URL, options: object): Promise<unknown> => {
    const child = await startChild(program);
    children.unshift(child);
    return child.ask('start', options);
  };
  try {
    const answer = await startOne(way.consumer, between.consumer);
    await startOne(way.producer, between.producer(answer));
  } catch (error) {
    await stop();
    throw error;
  }
  const [producer, consumer] = children as [Child, Child];
  return { measure: (load, share) => measure(way, load, share, producer, consumer), stop };
}

async function measure(
  { events: standard }: Way,
  { flow, events = standard }: Load,
  share: number,
  producer: Child,
  consumer: Child,
): Promise<Values> {
  const count = Math.max(LEAST_EVENTS, Math.round(events * share));
  const carried = await carry([producer], [consumer], { ...flow, events: count });
  const { eventsPerSecond, producerCpu, consumerCpu, p50, p99 } = carried;
  // At low load the rate is that of the pauses.
  return flow.pauseMs > 0 ? { p50, p99 } : { eventsPerSecond, producerCpu, consumerCpu, p50, p99 };
}
