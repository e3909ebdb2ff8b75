import { drawClientOptions, drawPoison, drawQueue, drawWorkerOptions } from './draw-options.js';
import {
  type Attempt,
  type CallPlan,
  type ClientPlan,
  type Incident,
  type Noise,
  type Outage,
  type Plan,
  type QueuePlan,
  REQUEST_FAULTS,
  type WorkerPlan,
} from './plan.js';
import { Dice } from './random.js';

/** Time in ms without faults before a simulation ends. */
const QUIET_MS = 20_000;

/** Times that handlers take in ms, with the share of calls that take long. */
const HANDLERS = [
  { shortMs: 0, longMs: 0, share: 0 },
  { shortMs: 50, longMs: 300, share: 0.1 },
  { shortMs: 300, longMs: 3_000, share: 0.3 },
  { shortMs: 300, longMs: 20_000, share: 0.3 },
  { shortMs: 1_500, longMs: 45_000, share: 0.8 },
] as const;

/** Draws everything that a seed decides. */
export function drawPlan(seed: number): Plan {
  const dice = new Dice(seed);
  const queue = drawQueue(dice.fork('queue plan'));
  const poison = drawPoison(dice, queue);
  const clients: ClientPlan[] = names('c', dice.between(1, 4)).map((name) => ({
    name,
    options: drawClientOptions(dice, !queue.fifo),
  }));
  const workers = names('w', dice.between(1, 4)).map((name) => drawWorker(dice, name, poison));
  const spreadMs = dice.pick([0, 2_000, 30_000, 30_000, 120_000]);
  const calls = new Calls(dice, queue, clients, spreadMs).draw();
  const processes = names('c', clients.length).concat(names('w', workers.length));
  const incidents = drawIncidents(dice, processes, spreadMs + 30_000);
  const outages = drawOutages(dice, processes, spreadMs + 30_000);
  const ends = [spreadMs, ...incidents.map(({ at, ms = 0 }) => at + ms), ...outages.map(({ to }) => to)];
  return {
    seed,
    queue,
    clients,
    workers,
    calls,
    incidents,
    outages,
    noise: drawNoise(dice),
    idempotency: dice.chance(0.3),
    storeFaults: dice.pick([0, 0.02, 0.1]),
    latencyMs: dice.pick([5, 50, 50, 200]),
    quietAt: Math.max(...ends) + QUIET_MS,
  };
}

function names(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${kind}${at + 1}`);
}

function drawWorker(dice: Dice, name: string, poison: ReturnType<typeof drawPoison>): WorkerPlan {
  const { poisonPolicy, maxReceives } = poison;
  const options = drawWorkerOptions(dice);
  const retry = { ...options.retry, ...(maxReceives !== undefined && { maxReceives }) };
  return { name, options: { ...options, retry, poisonPolicy } };
}

/** Draws the calls of all clients. */
class Calls {
  private readonly groups: number;
  /** Probability of each way in which a call differs from one that succeeds at once. */
  private readonly odd: {
    readonly fails: number;
    readonly failsAlways: number;
    readonly hangs: number;
    readonly bad: number;
  };
  private readonly handlers: (typeof HANDLERS)[number];

  constructor(
    private readonly dice: Dice,
    private readonly queue: QueuePlan,
    private readonly clients: readonly ClientPlan[],
    private readonly spreadMs: number,
  ) {
    this.groups = dice.pick([1, 3, 10]);
    this.odd = {
      fails: dice.pick([0, 0, 0.05, 0.3]),
      failsAlways: dice.pick([0, 0, 0.02, 0.1]),
      hangs: dice.pick([0, 0, 0.02]),
      bad: dice.pick([0, 0, 0.02, 0.1]),
    };
    this.handlers = dice.pick(HANDLERS);
  }

  draw(): CallPlan[] {
    const { dice, handlers } = this;
    // Many long handlers would take days of virtual time.
    const most = handlers.longMs > 10_000 ? 80 : 500;
    const count = dice.chance(0.75) ? dice.spread(20, 80) : dice.spread(20, most);
    return Array.from({ length: count }, (_, at) => this.one(at + 1));
  }

  private one(n: number): CallPlan {
    const { dice, queue, odd } = this;
    const beside = queue.fifo ? this.besideFifo(n) : this.besideStandard();
    const undecodable = dice.chance(odd.bad);
    return {
      n,
      client: dice.pick(this.clients).name,
      at: this.spreadMs === 0 ? 0 : dice.between(0, this.spreadMs),
      ...beside,
      attempts: this.attempts(),
      ...(undecodable && { undecodable }),
    };
  }

  private besideFifo(n: number): Pick<CallPlan, 'group' | 'deduplicationId'> {
    const { dice, queue, groups } = this;
    const group = `g${dice.between(1, groups)}`;
    const isRepeated = n > 1 && dice.chance(0.03);
    const deduplicationId = `d${isRepeated ? n - 1 : n}`;
    return { group, ...((!queue.contentBasedDeduplication || isRepeated) && { deduplicationId }) };
  }

  private besideStandard(): Pick<CallPlan, 'group' | 'delaySeconds'> {
    const { dice, groups } = this;
    return {
      ...(dice.chance(0.1) && { delaySeconds: dice.between(1, 30) }),
      ...(dice.chance(0.3) && { group: `g${dice.between(1, groups)}` }),
    };
  }

  private attempts(): Attempt[] {
    const { dice, odd, handlers } = this;
    const ms = dice.chance(handlers.share) ? dice.between(0, handlers.longMs) : dice.between(0, handlers.shortMs);
    if (dice.chance(odd.failsAlways)) return [{ ms, end: 'fail' }];
    const failures = dice.chance(odd.fails) ? dice.between(1, 3) : 0;
    const hangs = dice.chance(odd.hangs) ? [{ ms, end: dice.pick(['hang', 'deaf'] as const) }] : [];
    const failing = Array.from({ length: failures }, () => ({ ms, end: 'fail' as const }));
    return [...hangs, ...failing, { ms, end: 'ok' }];
  }
}

/** Draws how often each fault happens. Most seeds have few kinds, so that a fault shows its own effect. */
function drawNoise(dice: Dice): Plan['noise'] {
  const count = dice.pick([0, 1, 1, 1, 2, 3, 5]);
  const chosen = dice.shuffle(REQUEST_FAULTS).slice(0, count);
  return Object.fromEntries(chosen.map((fault) => [fault, drawOne(dice)]));
}

function drawOne(dice: Dice): Noise {
  const requests = dice.pick(['all', 'all', 'receiving', 'sending', 'settling'] as const);
  return { requests, probability: dice.pick(requests === 'all' ? [0.01, 0.05, 0.3] : [0.1, 0.5]) };
}

function drawIncidents(dice: Dice, processes: readonly string[], untilMs: number): Incident[] {
  const isCalm = dice.chance(0.3);
  if (isCalm) return [];
  return Array.from({ length: dice.between(1, 5) }, () => drawIncident(dice, processes, untilMs)).flat();
}

function drawIncident(dice: Dice, processes: readonly string[], untilMs: number): Incident[] {
  const process = dice.pick(processes);
  const at = dice.between(0, untilMs);
  const what = dice.pick(['pause', 'pause', 'crash', 'stop', 'stop'] as const);
  if (what === 'pause') return [{ at, process, what, ms: dice.spread(500, 60_000) }];
  // Most processes are started again, as an orchestrator does.
  const again = dice.chance(0.7) ? [{ at: at + dice.between(100, 60_000), process, what: 'start' as const }] : [];
  return [{ at, process, what }, ...again];
}

function drawOutages(dice: Dice, processes: readonly string[], untilMs: number): Outage[] {
  if (dice.chance(0.5)) return [];
  const from = dice.between(0, untilMs);
  const to = from + dice.spread(500, 60_000);
  const mode = dice.pick(['silent', 'broken connection', 'service error'] as const);
  const whole = dice.chance(0.5);
  return processes.filter(() => whole || dice.chance(0.3)).map((process) => ({ process, from, to, mode }));
}
