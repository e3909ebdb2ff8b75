import { MemoryIdempotencyStore } from '#lib/idempotency/memory-idempotency-store.js';
import { recordMetrics } from '#lib/operations/metrics/record-metrics.js';
import { CountedMetrics } from './counted-metrics.js';
import { SignalListeners, takeGlobals } from './globals.js';
import { Journal } from './journal.js';
import { undecodableBody } from './model/contract.js';
import { ModelServer } from './model/model-end.js';
import { QueueModel } from './model/queue-model.js';
import { Fates } from './network/fate.js';
import type { CallPlan, Incident, Plan } from './plan.js';
import { ClientProcess } from './processes/client-process.js';
import { takeLogs } from './processes/logs.js';
import { WorkerProcess } from './processes/worker-process.js';
import type { World } from './processes/world.js';
import { Dice } from './random.js';
import { NoProgressError, Scheduler } from './scheduler.js';

/** Everything that a simulation has left to check. */
export interface Run {
  readonly plan: Plan;
  readonly journal: Journal;
  /** What the recording of the metrics counted, of all processes together. */
  readonly metrics: CountedMetrics;
  /** Entries that the queue and the dead-letter queue accepted from clients and workers. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Virtual time in ms. */
  readonly ms: number;
  /** True if the queue was still not empty when the simulation gave up waiting. */
  readonly gaveUp: boolean;
  /** True if timers followed each other without end. */
  readonly isStuck: boolean;
  /** Largest number of listeners that one abort signal had at a time. */
  readonly listeners: number;
}

/** Time in ms for clients to send their calls after the last fault. */
const FLUSH_MS = 60_000;
/** Time in ms for workers to stop. A longer stop is a violation. */
const STOP_MS = 120_000;
/** Time in ms after which a queue that is not empty is given up. */
const EMPTY_MS = 3 * 3_600_000;
/** Time in ms after the last stop, in which nothing may happen any more. */
const AFTER_MS = 15_000;

/** Sends messages that no worker can decode, and is none of the processes. */
const FOREIGN = 'a foreign sender';

/** Runs a plan from its first emit to a queue that is empty again and workers that have stopped. */
export async function simulate(plan: Plan): Promise<Run> {
  const scheduler = new Scheduler();
  const dice = new Dice(plan.seed);
  const listeners = new SignalListeners();
  const restoreGlobals = takeGlobals(scheduler, dice.fork('engines').number, listeners);
  const restoreLogs = takeLogs();
  const metrics = new CountedMetrics();
  const endRecording = recordMetrics(metrics);
  try {
    const simulation = new Simulation(plan, scheduler, dice);
    const isStuck = await simulation.run().then(() => false, throwUnlessStuck);
    const { journal, gaveUp, accepted } = simulation;
    return { plan, journal, metrics, accepted, ms: scheduler.now(), gaveUp, isStuck, listeners: listeners.most };
  } finally {
    endRecording();
    restoreLogs();
    restoreGlobals();
  }
}

function throwUnlessStuck(error: unknown): true {
  if (error instanceof NoProgressError) return true;
  throw error;
}

function hasEnded({ process: { record } }: ClientProcess | WorkerProcess): boolean {
  return record.stoppedAt !== undefined || record.crashedAt !== undefined;
}

class Simulation {
  readonly journal: Journal;
  gaveUp = false;
  private readonly world: World;
  private readonly starts = new Map<string, number>();
  private readonly clients: ClientProcess[] = [];
  private readonly workers: WorkerProcess[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly scheduler: Scheduler,
    dice: Dice,
  ) {
    this.journal = new Journal(scheduler);
    this.world = {
      plan,
      scheduler,
      journal: this.journal,
      ...this.queues(dice),
      store: new MemoryIdempotencyStore({ clock: scheduler }),
      fates: new Fates(plan),
      calls: new Map(plan.calls.map((call) => [call.n, call])),
      attempts: new Map(),
    };
  }

  /** Counts the entries that the queues accepted from the processes, by queue. */
  get accepted(): ReadonlyMap<string, number> {
    const models = [this.world.queue.model, this.world.deadLetters.model];
    return new Map(
      models.map(({ name, accepted }) => {
        const own = [...accepted].filter(([sender]) => sender !== FOREIGN);
        return [name, own.reduce((sum, [, count]) => sum + count, 0)];
      }),
    );
  }

  async run(): Promise<void> {
    const { plan, scheduler, journal } = this;
    for (const { name } of [...plan.clients, ...plan.workers]) this.start(name);
    for (const call of plan.calls) scheduler.setTimer(() => this.emit(call), call.at);
    for (const incident of plan.incidents) scheduler.setTimer(() => this.happen(incident), incident.at);
    await scheduler.runUntil(plan.quietAt);
    journal.note('the world', 'is quiet from now on');
    await this.flushClients();
    await this.replaceWorkers();
    await this.emptyQueue();
    for (const worker of this.workers) worker.stop();
    await this.untilStopped(this.workers);
    await scheduler.runUntil(scheduler.now() + AFTER_MS);
  }

  private queues(dice: Dice): Pick<World, 'queue' | 'deadLetters'> {
    const { plan, scheduler, journal } = this;
    const parts = { journal, scheduler, dice: dice.fork('queue') };
    const deadPlan = { ...plan.queue, reorder: false, duplicates: 0, inFlight: 120_000, delaySeconds: 0 };
    const { maxReceiveCount: _, ...deadLetterPlan } = deadPlan;
    const deadLetters = new QueueModel({ ...parts, name: 'dead', plan: deadLetterPlan });
    const { fifo } = plan.queue;
    const queue = new QueueModel({ ...parts, name: fifo ? 'main.fifo' : 'main', plan: plan.queue, deadLetters });
    return { queue: new ModelServer(queue), deadLetters: new ModelServer(deadLetters) };
  }

  /** Starts a process, or starts it again under a new number. */
  private start(name: string): void {
    const { plan, world, starts } = this;
    const count = (starts.get(name) ?? 0) + 1;
    starts.set(name, count);
    const full = count === 1 ? name : `${name}.${count}`;
    const client = plan.clients.find((each) => each.name === name);
    const worker = plan.workers.find((each) => each.name === name);
    if (client) this.clients.push(new ClientProcess(client, full, world));
    if (worker) this.workers.push(new WorkerProcess(worker, full, world));
  }

  private latest(name: string): ClientProcess | WorkerProcess | undefined {
    return [...this.clients, ...this.workers].findLast((each) => each.name === name);
  }

  private emit(call: CallPlan): void {
    if (call.undecodable) return void this.sendUndecodable(call);
    (this.latest(call.client) as ClientProcess | undefined)?.emit(call);
  }

  private async sendUndecodable({ n, group, deduplicationId = `foreign-${n}` }: CallPlan): Promise<void> {
    this.journal.fault('undecodable message');
    const body = undecodableBody(n);
    const message = this.plan.queue.fifo ? { body, groupId: group ?? 'g', deduplicationId } : { body };
    await this.world.queue.open(FOREIGN).send([message]);
  }

  private happen({ process: name, what, ms = 0 }: Incident): void {
    const target = this.latest(name);
    const isRunning = target !== undefined && !hasEnded(target);
    if (what === 'start' && !isRunning) {
      this.journal.fault('restart');
      this.start(name);
    }
    if (!isRunning || what === 'start') return;
    if (what === 'pause') return target.process.pause(ms);
    if (what === 'crash') return target.process.crash();
    this.journal.fault(`stop of a ${target.process.record.kind}`);
    target.stop();
  }

  private async flushClients(): Promise<void> {
    const { scheduler, journal } = this;
    const open = (): boolean =>
      journal.emits.some(({ endedAt, process }) => endedAt === undefined && process.crashedAt === undefined);
    await scheduler.runUntil(scheduler.now() + FLUSH_MS, () => !open());
    for (const client of this.clients) client.stop();
    await this.untilStopped(this.clients);
  }

  /** Stops the workers, whose handlers may hang, and starts all of them again. */
  private async replaceWorkers(): Promise<void> {
    for (const worker of this.workers) worker.stop();
    await this.untilStopped(this.workers);
    for (const { name } of this.plan.workers) this.start(name);
  }

  private async emptyQueue(): Promise<void> {
    const { scheduler, world } = this;
    const { messages } = world.queue.model;
    const isEmpty = (): boolean => messages.all()[Symbol.iterator]().next().done === true;
    await scheduler.runUntil(scheduler.now() + EMPTY_MS, isEmpty);
    this.gaveUp = !isEmpty();
    // The workers read the answers to their last requests.
    await scheduler.runUntil(scheduler.now() + 5_000);
  }

  private async untilStopped(processes: readonly (ClientProcess | WorkerProcess)[]): Promise<void> {
    await this.scheduler.runUntil(this.scheduler.now() + STOP_MS, () => processes.every(hasEnded));
  }
}
