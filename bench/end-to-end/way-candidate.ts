import { carry, type Flow } from '../flow/carry.js';
import type { Candidate, Running, Setting } from '../kit/bench.js';
import { startChild } from '../kit/child.js';
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
  const consumer = await startChild(way.consumer);
  const answer = await consumer.ask('start', between.consumer);
  const producer = await startChild(way.producer);
  await producer.ask('start', between.producer(answer));
  return {
    async measure({ flow, events = way.events }, share) {
      const count = Math.max(LEAST_EVENTS, Math.round(events * share));
      const { eventsPerSecond, producerCpu, consumerCpu, p50, p99 } = await carry([producer], [consumer], {
        ...flow,
        events: count,
      });
      // At low load the rate is that of the pauses.
      return flow.pauseMs > 0 ? { p50, p99 } : { eventsPerSecond, producerCpu, consumerCpu, p50, p99 };
    },
    async stop() {
      await producer.stop();
      await consumer.stop();
      await between.close();
    },
  };
}
