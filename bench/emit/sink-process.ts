import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SinkCounts } from './sink.js';

/** Runs a sink in its own process. */
export interface Sink {
  readonly endpoint: string;
  /** Returns the counts since the last call. From now on the sink answers after `delayMs`. */
  counts(delayMs: number): Promise<SinkCounts>;
  stop(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const child = fork(fileURLToPath(new URL('./sink.js', import.meta.url)));
  const [endpoint] = (await once(child, 'message')) as [string];
  return {
    endpoint,
    async counts(delayMs) {
      const answer = once(child, 'message');
      child.send({ delayMs });
      return ((await answer) as [SinkCounts])[0];
    },
    async stop() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
