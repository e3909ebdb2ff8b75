import { setTimeout as wait } from 'node:timers/promises';
import type { Candidate } from '../kit/bench.js';
import { startChild } from '../kit/child.js';
import { startQueueServer } from '../queue-server/start.js';

/** Describes a worker in a process of its own. */
export interface Worker {
  readonly program: URL;
  /** Options beside the address of the queue. */
  readonly options: object;
}

const QUEUE = 'idle';
/** Lets the first long poll of 20 s end, because its answer loads and compiles code. */
const SETTLE_MS = 21_000;

/** Creates a candidate that waits for messages, and a queue server that has none. */
export function idleCandidate(name: string, seconds: number, { program, options }: Worker): Candidate {
  return {
    name,
    async start() {
      const server = await startQueueServer();
      const worker = await startChild(program);
      await worker.ask('start', { endpoint: server.endpoint, queue: QUEUE, ...options });
      return {
        async measure(_setting, share) {
          await wait(SETTLE_MS * share);
          await server.reset(0);
          const [from, cpuFrom] = [performance.now(), await worker.cpu()];
          await wait(seconds * 1000 * share);
          const [cpuTo, { requests }] = await Promise.all([worker.cpu(), server.counts()]);
          const passed = (performance.now() - from) / 1000;
          const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
          return {
            requestsPerMinute: (total / passed) * 60,
            cpuPercent: ((cpuTo - cpuFrom) / 1e6 / passed) * 100,
            rssMb: (await worker.ask<number>('rss')) / 1e6,
          };
        },
        async stop() {
          await worker.stop();
          await server.stop();
        },
      };
    },
  };
}
