import { setTimeout as sleep } from 'node:timers/promises';
import type { Candidate, Values } from '../kit/bench.js';
import { type Child, startChild } from '../kit/child.js';
import type { QueueServer } from '../queue-server/start.js';
import { goodBody, type Traffic } from './traffic.js';

/** Good messages a second of the traffic whose latency is measured. */
const PACE = 100;

interface Batch {
  readonly child: Child;
  readonly queue: string;
  readonly traffic: Traffic;
  readonly isHostile: boolean;
}

/** Puts good messages and as much of others into a queue, in turns. */
function put(server: QueueServer, { queue, traffic, isHostile }: Batch, count: number): Promise<void> {
  const { good, share, hostile, valid } = traffic;
  const copies = isHostile
    ? [
        { body: hostile(), count: 1 },
        { body: goodBody(good), count: Math.min(share, count) },
      ]
    : [
        { body: valid(), count: 1 },
        { body: goodBody(good), count: 1 },
      ];
  return server.preloadTurns({ queue, copies, turns: isHostile ? Math.ceil(count / share) : count });
}

/** Handles messages that wait already. Returns the good ones a second. */
async function rateOf(server: QueueServer, batch: Batch, count: number): Promise<number> {
  const { child } = batch;
  await child.ask('expect', count);
  const from = performance.now();
  await put(server, batch, count);
  await child.ask('waits');
  return count / ((performance.now() - from) / 1e3);
}

/** Handles messages that arrive at a steady pace. Returns the 99th percentile of their waits in ms. */
async function latencyOf(server: QueueServer, batch: Batch, count: number): Promise<number> {
  const { child, queue, traffic, isHostile } = batch;
  await child.ask('expect', count);
  for (let i = 0; i < count; i += 1) {
    await sleep(1e3 / PACE);
    if (!isHostile) await server.preload({ queue, body: traffic.valid(), count: 1 });
    else if (i % traffic.share === 0) await server.preload({ queue, body: traffic.hostile(), count: 1 });
    await server.preload({ queue, body: goodBody(traffic.good), count: 1 });
  }
  const waits = await child.ask<number[]>('waits');
  return waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)]!;
}

function toCandidate(server: QueueServer, isHostile: boolean): Candidate<Traffic> {
  const queue = isHostile ? 'hostile' : 'valid';
  return {
    name: `beside ${isHostile ? 'hostile' : 'other'} senders`,
    async start() {
      const child = await startChild(new URL('./consumer.js', import.meta.url));
      await child.ask('start', { endpoint: server.endpoint, queue });
      return {
        async measure(traffic, share): Promise<Values> {
          const count = Math.ceil((traffic.count / traffic.share) * share) * traffic.share;
          const batch = { child, queue, traffic, isHostile };
          await server.reset(0);
          const rate = await Promise.race([rateOf(server, batch, count), child.ended]);
          const p99 = await Promise.race([latencyOf(server, batch, Math.ceil(500 * share)), child.ended]);
          return { rate, p99 };
        },
        stop: () => child.stop(),
      };
    },
  };
}

export function candidates(server: QueueServer): readonly Candidate<Traffic>[] {
  return [false, true].map((isHostile) => toCandidate(server, isHostile));
}
