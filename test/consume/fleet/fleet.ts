import { resolveConsumeOptions, type ConsumeOptions } from '#lib/consume/consume-options.js';
import { Consumer } from '#lib/consume/consumer.js';
import type { PoisonPolicy } from '#lib/consume/dead-letter.js';
import type { Delivery } from '#lib/consume/delivery.js';
import type { TransportEvent } from '#lib/diagnostics/transport-event.js';
import type { OnewayCall } from '#lib/event/contract.js';
import { type Clock, sleep } from '#lib/queue/clock.js';
import type { WireMessage } from '#lib/queue/wire-message.js';
import { createMemoryQueue, type MemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { body, codec } from '../harness.js';
import { type Delays, Link } from './link.js';
import { WorkerClock } from './worker-clock.js';

/** One run of a handler in one of the workers. */
export interface FleetRun {
  readonly n: number;
  readonly worker: number;
  readonly messageId: string;
  readonly receiveCount: number;
  readonly startedAt: number;
  endedAt: number;
  abortedAt: number;
}

/** Runs a handler. The clock is that of its worker. */
export type FleetHandler = (n: number, delivery: Delivery, clock: Clock) => Promise<void> | void;

export interface FleetOptions extends ConsumeOptions {
  readonly workers: number;
  readonly fifo?: boolean;
  readonly maxReceiveCount?: number;
  readonly clock?: Clock;
  readonly delays?: Delays;
  readonly poisonPolicy?: PoisonPolicy;
}

export interface FleetWorker {
  readonly consumer: Consumer;
  readonly clock: WorkerClock;
}

const SOON: Delays = () => ({ there: 5, back: 5 });

/** Several workers on one queue in memory, each behind a link of its own. */
export class Fleet {
  readonly clock: Clock;
  readonly queue: MemoryQueue;
  readonly dead: MemoryQueue;
  readonly workers: FleetWorker[];
  readonly runs: FleetRun[] = [];
  readonly events: { readonly worker: number; readonly at: number; readonly event: TransportEvent }[] = [];

  constructor(
    private readonly handler: FleetHandler,
    private readonly options: FleetOptions,
  ) {
    const { workers, fifo = false, maxReceiveCount, clock = new VirtualClock(0) } = options;
    this.clock = clock;
    this.dead = createMemoryQueue({ name: 'dead', fifo, contentBasedDeduplication: true, clock });
    const redrive = maxReceiveCount === undefined ? {} : { redrive: { maxReceiveCount, deadLetterQueue: this.dead } };
    this.queue = createMemoryQueue({ name: 'jobs', fifo, contentBasedDeduplication: true, clock, ...redrive });
    this.workers = Array.from({ length: workers }, (_, worker) => this.createWorker(worker));
  }

  /** Adds a worker, which has not started. */
  add(): FleetWorker {
    const worker = this.createWorker(this.workers.length);
    this.workers.push(worker);
    return worker;
  }

  start(): void {
    for (const { consumer } of this.workers) consumer.start();
  }

  async send(numbers: readonly number[], more: Partial<WireMessage> = {}): Promise<void> {
    for (const n of numbers) await this.queue.send([{ body: body(n), ...more }]);
  }

  /** Moves virtual time in steps of at most a second, until `done` or until `ms` have passed. */
  async advance(ms: number, done: () => boolean = () => false): Promise<void> {
    const clock = this.clock as VirtualClock;
    const end = clock.now() + ms;
    while (clock.now() < end && !done()) await clock.advance(Math.min(1_000, end - clock.now()));
  }

  /** True if the queue holds no message. */
  get isEmpty(): boolean {
    return this.queue.messages().length === 0;
  }

  of<Type extends TransportEvent['type']>(type: Type): Extract<TransportEvent, { type: Type }>[] {
    const events = this.events.map(({ event }) => event);
    return events.filter((event): event is Extract<TransportEvent, { type: Type }> => event.type === type);
  }

  private createWorker(worker: number): FleetWorker {
    const { delays = SOON, poisonPolicy = { type: 'redrive' }, ...options } = this.options;
    const { workers: _workers, fifo: _fifo, maxReceiveCount: _most, clock: _clock, ...consume } = options;
    const clock = new WorkerClock(this.clock);
    const consumer = new Consumer({
      queue: new Link(this.queue, clock, delays),
      codec,
      clock,
      report: (event) => this.events.push({ worker, at: this.clock.now(), event }),
      dispatcher: { dispatch: (call, delivery) => this.run(worker, clock, call, delivery) },
      classifyError: () => undefined,
      poisonPolicy,
      options: resolveConsumeOptions(consume),
    });
    return { consumer, clock };
  }

  private async run(worker: number, clock: Clock, { args }: OnewayCall, delivery: Delivery): Promise<void> {
    const { message, signal } = delivery;
    const run: FleetRun = {
      n: args.n as number,
      worker,
      messageId: message.id,
      receiveCount: message.receiveCount,
      startedAt: this.clock.now(),
      endedAt: Infinity,
      abortedAt: Infinity,
    };
    this.runs.push(run);
    signal.addEventListener('abort', () => (run.abortedAt = this.clock.now()));
    try {
      await this.handler(run.n, delivery, clock);
    } finally {
      run.endedAt = this.clock.now();
    }
  }
}

/** A source of random numbers from 0 to 1, decided by a seed. */
export function seededRandom(seed: number): () => number {
  let state = (Math.imul(seed, 2_654_435_761) + 1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A handler that takes a time and then fails for some numbers. */
export function failing(numbers: readonly number[], ms: () => number): FleetHandler {
  return async (n, _, clock) => {
    await sleep(clock, ms());
    if (numbers.includes(n)) throw new Error('by script');
  };
}
