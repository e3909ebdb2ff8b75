import type { Candidate } from '../kit/bench.js';
import { type Child, startChild } from '../kit/child.js';
import { costOf } from '../kit/cost.js';

/** Names the servers of `server.ts`. */
export type ServerKind = 'nest-tcp' | 'socket' | 'http' | 'raw-http' | 'starling' | 'siberite' | 'consumer';

/** A way to carry events from one process to another. */
export interface Way {
  readonly name: string;
  /** Number of events of a sample. */
  readonly events: number;
  start(): Promise<RunningWay>;
}

/** Holds the costs of a run. */
export interface Costs {
  readonly seconds: number;
  /** CPU time of this process, in µs. Absent if it only prepares the run. */
  readonly senderCpu?: number;
  /** CPU time of the process that handles or stores, in µs. */
  readonly receiverCpu: number;
}

interface RunningWay {
  /** Carries events until all are handled or stored. */
  run(events: number): Promise<Costs>;
  stop(): Promise<void>;
}

/** A server, and the port it listens on. */
interface ServerChild {
  readonly child: Child;
  readonly port: number;
}

export async function startServer(kind: ServerKind): Promise<ServerChild> {
  const child = await startChild(new URL('./server.js', import.meta.url));
  return { child, port: await child.ask<number>('start', kind) };
}

/** Measures work of this process and of another one. */
export async function measured({ child }: ServerChild, work: () => Promise<unknown>): Promise<Costs> {
  const receiverFrom = await child.cpu();
  const { seconds, cpu } = await costOf(work);
  return { seconds, senderCpu: cpu, receiverCpu: (await child.cpu()) - receiverFrom };
}

/** Lets the benchmark sample a way. */
export function toCandidate(way: Way): Candidate {
  const { name, events } = way;
  return {
    name,
    async start() {
      const running = await way.start();
      return {
        async measure(_, share) {
          const count = events * share;
          const { seconds, senderCpu, receiverCpu } = await running.run(count);
          const sender = senderCpu === undefined ? undefined : senderCpu / count;
          return { speed: count / seconds, sender, receiver: receiverCpu / count };
        },
        stop: () => running.stop(),
      };
    },
  };
}
