import { setTimeout as wait } from 'node:timers/promises';
import type { Exit, Program } from '../../e2e/programs.js';
import type { LoadRun } from '../../e2e/load-run.js';
import type { FaultProxy } from '../../fakes/proxy/fault-proxy.js';
import type { ProxyMode } from '../../fakes/proxy/proxy-modes.js';

/** Lists the faults of a run, besides a disturbed network. */
export type Blow = 'kill' | 'term' | 'down' | 'reset' | 'blackHole' | 'latency' | 'bandwidth';

/** Those that spoil the network. */
export const NETWORK: readonly Blow[] = ['down', 'reset', 'blackHole', 'latency', 'bandwidth'];

/** Configures the workers and their faults. */
export interface StormParts {
  readonly run: LoadRun;
  readonly random: () => number;
  /** Chosen from at random, each as often as it stands here. */
  readonly blows: readonly Blow[];
  /** Milliseconds from one blow to the next. */
  readonly everyMs: number;
  readonly workers: number;
  readonly settings: Readonly<Record<string, number>>;
  /** Between all programs and the queue. Needed by the blows that spoil the network. */
  readonly proxy?: FaultProxy;
}

/**
 * Limits a network fault in ms: shorter than a lease, so that workers survive, and longer than a
 * renewal may be late.
 */
const SPOILED_MS = 1_000;

/** Workers that are killed, stopped and cut off at random, and replaced. */
export class Storm {
  /** Describes the end of each worker that was asked to stop. */
  readonly exits: Exit[] = [];
  /** Lists the faults in order. Seed and list identify a run. */
  readonly blows: Blow[] = [];
  /** When the latest one fell, in ms of `performance.now()`. */
  latestAt = -Infinity;
  private readonly workers: Program[] = [];
  private readonly endings: Promise<unknown>[] = [];

  private constructor(private readonly parts: StormParts) {}

  static async start(parts: StormParts): Promise<Storm> {
    const storm = new Storm(parts);
    for (let i = 0; i < parts.workers; i += 1) await storm.add();
    return storm;
  }

  /** Strikes until `over` resolves. */
  async rage(over: Promise<unknown>): Promise<void> {
    const { everyMs } = this.parts;
    let ended = false;
    const end = over.then(
      () => (ended = true),
      () => (ended = true),
    );
    for (;;) {
      await Promise.race([wait(everyMs), end]);
      if (ended) return;
      await this.strike();
    }
  }

  /** Lets all workers drain. */
  async stop(): Promise<readonly Exit[]> {
    await Promise.all(this.endings);
    await Promise.all(this.workers.splice(0).map((worker) => this.drain(worker)));
    return this.exits;
  }

  private async strike(): Promise<void> {
    const { blows, random } = this.parts;
    const blow = blows[Math.floor(random() * blows.length)]!;
    this.blows.push(blow);
    this.latestAt = performance.now();
    if (blow === 'kill') return this.replace((worker) => this.parts.run.kill(worker));
    if (blow === 'term') return this.replace((worker) => this.drain(worker));
    const { proxy } = this.parts;
    await proxy!.set(this.modeOf(blow));
    await wait(SPOILED_MS);
    await proxy!.set({ kind: 'up' });
  }

  private modeOf(blow: Exclude<Blow, 'kill' | 'term'>): ProxyMode {
    const { random } = this.parts;
    switch (blow) {
      case 'reset':
        return { kind: 'reset', per: 'request', probability: 0.3, random };
      case 'latency':
        return { kind: 'latency', ms: 100, jitterMs: 200, random };
      case 'bandwidth':
        return { kind: 'bandwidth', bytesPerSecond: 50_000 };
      default:
        return { kind: blow };
    }
  }

  /** Another one takes its place at once; what it has in hand is for it to end, or lost with it. */
  private async replace(end: (worker: Program) => Promise<unknown>): Promise<void> {
    const [worker] = this.workers.splice(Math.floor(this.parts.random() * this.workers.length), 1);
    this.endings.push(end(worker!));
    await this.add();
  }

  private async drain(worker: Program): Promise<void> {
    this.exits.push(await this.parts.run.stop(worker));
  }

  private async add(): Promise<void> {
    this.workers.push(await this.parts.run.startWorker(this.parts.settings));
  }
}
