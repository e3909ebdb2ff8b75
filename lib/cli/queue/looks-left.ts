import type { Queue } from '../../queue/queue.js';

/**
 * How often a message may still be looked at, so that a receive is left for a worker: the next one after the last moves it to the
 * dead-letter queue. Infinite where no redrive policy is known.
 *
 * @param receiveCount how often it has been received; 0 for a message that nobody has received yet
 */
export function looksLeft({ redrive }: Pick<Queue, 'redrive'>, receiveCount: number): number {
  if (redrive === undefined || redrive === 'unknown') return Infinity;
  return redrive.maxReceiveCount - 1 - receiveCount;
}
