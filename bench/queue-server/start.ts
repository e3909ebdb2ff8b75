import { startChild } from '../kit/child.js';
import type { QueueCounts } from './counters.js';

/** Describes copies of one message to put into a queue. */
export interface Preload {
  readonly queue: string;
  readonly body: string;
  readonly count: number;
}

/** Describes several messages to put into a queue in turns. */
export interface PreloadTurns {
  readonly queue: string;
  /** Messages of one turn, in order. */
  readonly copies: readonly { readonly body: string; readonly count: number }[];
  readonly turns: number;
}

/** A queue server in its own process, whose queues exist once they are named. */
export interface QueueServer {
  readonly endpoint: string;
  /** Returns the URL of a queue. */
  queueUrl(queue: string): string;
  /** Resets the counters. From now on the server delays each answer by `delayMs`. */
  reset(delayMs: number): Promise<void>;
  /** Adds messages with ids of their own. They have no attributes. */
  preload(preload: Preload): Promise<void>;
  /** Does the same with several messages, one turn after the other. */
  preloadTurns(preload: PreloadTurns): Promise<void>;
  counts(): Promise<QueueCounts>;
  /** Resolves when so many messages were deleted since the last reset. */
  untilDeleted(count: number): Promise<QueueCounts>;
  /** Returns the CPU time of the server so far, in µs. */
  readonly cpu: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Lets more messages die young, which keeps garbage collection short. */
const YOUNG_OBJECTS = ['--max-semi-space-size=64'];

/** Name of a queue that drops its messages, so that a benchmark of sending can send any number. */
export const DISCARDING = 'discarding';

export async function startQueueServer(): Promise<QueueServer> {
  const child = await startChild(new URL('./program.js', import.meta.url), { execArgv: YOUNG_OBJECTS });
  const endpoint = await child.ask<string>('start');
  return {
    endpoint,
    queueUrl: (queue) => `${endpoint}/000000000000/${queue}`,
    reset: (delayMs) => child.ask('reset', { delayMs }),
    preload: (preload) => child.ask('preload', preload),
    preloadTurns: (preload) => child.ask('preloadTurns', preload),
    counts: () => child.ask('counts'),
    untilDeleted: (count) => child.ask('untilDeleted', count),
    cpu: child.cpu,
    stop: child.stop,
  };
}
