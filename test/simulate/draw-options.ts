import type { ConsumeOptions } from '#lib/consume/consume-options.js';
import type { PublishOptions } from '#lib/publish/publish-options.js';
import type { QueuePlan, WorkerOptions } from './plan.js';
import type { Dice } from './random.js';

/** Draws the attributes of the queue. */
export function drawQueue(dice: Dice): QueuePlan {
  const fifo = dice.chance(0.5);
  const maxReceiveCount = dice.pick([undefined, undefined, 1, 2, 3, 3, 4, 5, 10, 10]);
  return {
    fifo,
    contentBasedDeduplication: dice.chance(0.3),
    delaySeconds: dice.chance(0.1) ? dice.between(1, 20) : 0,
    ...(maxReceiveCount !== undefined && { maxReceiveCount }),
    inFlight: dice.chance(0.2) ? dice.between(2, 12) : 120_000,
    staleReceipts: dice.chance(0.3) ? 'ignored' : 'refused',
    reorder: !fifo && dice.chance(0.5),
    duplicates: !fifo && dice.chance(0.25) ? 0.03 : 0,
    abortable: dice.chance(0.15),
  };
}

/** Draws what happens to messages that can never be handled. */
export function drawPoison(
  dice: Dice,
  { maxReceiveCount }: QueuePlan,
): Pick<WorkerOptions, 'poisonPolicy'> & { maxReceives?: number } {
  if (maxReceiveCount !== undefined && dice.chance(0.7)) return { poisonPolicy: 'redrive' };
  return { poisonPolicy: dice.chance(0.75) ? 'dead-letter' : 'drop', maxReceives: dice.between(1, 6) };
}

/** Draws the options of a worker. */
export function drawWorkerOptions(dice: Dice): ConsumeOptions {
  const handlerTimeoutMs = dice.pick([undefined, undefined, undefined, 1_000, 5_000, 20_000]);
  return {
    concurrency: dice.pick([1, 2, 5, 10, 10, 20]),
    maxPollers: dice.pick([1, 4, 32]),
    waitTimeSeconds: dice.pick([0, 1, 5, 20, 20, 20]),
    visibilityTimeoutSeconds: dice.pick([2, 5, 10, 30, 30, 60]),
    ...(handlerTimeoutMs !== undefined && { handlerTimeoutMs }),
    drainTimeoutMs: dice.pick([0, 1_000, 5_000, 25_000, 25_000]),
    retry: {
      baseSeconds: dice.pick([0, 0.5, 2]),
      maxSeconds: dice.pick([1, 5, 30, 60]),
      jitter: dice.pick([0, 1]),
    },
  };
}

/** Draws the options of a client. */
export function drawClientOptions(dice: Dice, mayPack: boolean): PublishOptions {
  const lingerMs = dice.pick([0, 0, 0, 20, 500]);
  return {
    maxInFlight: dice.pick([1, 4, 4, 16]),
    lingerMs,
    maxAttempts: dice.pick([1, 3, 5, 5]),
    deliveryTimeoutMs: dice.pick([0, 2_000, 10_000, 10_000, 30_000]),
    retryBaseMs: dice.pick([0, 100, 100, 1_000]),
    flushTimeoutMs: dice.pick([0, 1_000, 10_000, 10_000]),
    buffer: { calls: dice.pick([10, 100, 10_000, 10_000]) },
    strictOrder: dice.chance(0.8),
    eventIds: dice.chance(0.4),
    pack: mayPack && dice.chance(0.4),
  };
}
