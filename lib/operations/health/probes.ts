import type { ClientState, WorkerState } from '../../diagnostics/transport-state.js';
import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { choiceOption, numberOption } from '../../queue/options.js';

/**
 * Answers a probe as plain data.
 *
 * @publicApi
 */
export interface ProbeResult {
  readonly ok: boolean;
  /** True if the worker still works, but a person should look. Absent otherwise. */
  readonly degraded?: true;
  /** Explains an answer that is not ok, or degraded. */
  readonly reason?: string;
  /** Facts of the moment. Holds no payload, no receipt and no credentials, and no key `status`. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Configures {@link workerReadiness}.
 *
 * @publicApi
 */
export interface ReadinessOptions {
  /** Sets the answer about a stalled worker. Default: `degraded`, which is ready. */
  readonly stalled?: 'degraded' | 'down' | undefined;
  /**
   * Time in ms for which handlers must have held all slots before a worker counts as stalled. Default:
   * 300 000, as for the event `stalled`. From 1 to 86 400 000.
   */
  readonly stalledAfterMs?: number | undefined;
}

/**
 * Configures {@link workerLiveness}.
 *
 * @publicApi
 */
export interface LivenessOptions {
  /**
   * Time in ms without an attempt to receive, although slots are free, after which a worker counts as
   * dead. Default: 120 000. From 90 000: an idle long poll takes 20 s, a receive without an answer is
   * given up after 80 s, and the pause after a failure takes up to 35 s.
   */
  readonly maxSilenceMs?: number | undefined;
  /**
   * Time in ms for which handlers may hold all slots before a worker counts as dead. Default: no limit.
   * A restart helps only if the handlers hang for a reason within the process.
   */
  readonly maxStallMs?: number | undefined;
}

const READINESS_NAMES = { stalled: true, stalledAfterMs: true } satisfies OptionNames<ReadinessOptions>;
const LIVENESS_NAMES = { maxSilenceMs: true, maxStallMs: true } satisfies OptionNames<LivenessOptions>;

const STALLED_MS = 300_000;
const SILENCE_MS = 120_000;
/** Shortest limit that a healthy idle worker and a worker in an outage surely keep. */
const LEAST_SILENCE_MS = 90_000;
const DAY_MS = 86_400_000;

/** Explains why a worker of a status is not ready. */
const NOT_READY: Partial<Record<WorkerState['status'], string>> = {
  starting: 'the worker has not started, or its queue is not open yet',
  down: 'the worker cannot receive or settle messages',
  stopping: 'the worker drains',
  stopped: 'the worker is stopped',
};

/**
 * Checks the options of the probes of a worker.
 *
 * @throws TypeError, RangeError an option is unknown or not acceptable
 */
export function checkProbeOptions(readiness: ReadinessOptions = {}, liveness: LivenessOptions = {}): void {
  resolveReadiness(checkOptionNames('readiness', readiness, READINESS_NAMES));
  resolveLiveness(checkOptionNames('liveness', liveness, LIVENESS_NAMES));
}

/**
 * Answers if a worker is ready: `up` and `paused` are, and `starting`, `down`, `stopping` and `stopped`
 * are not. A stalled worker is degraded.
 *
 * @throws TypeError, RangeError an option is not acceptable
 * @publicApi
 */
export function workerReadiness(state: WorkerState, options: ReadinessOptions = {}): ProbeResult {
  const { stalled, stalledAfterMs } = resolveReadiness(options);
  const details = workerDetails(state);
  const reason = NOT_READY[state.status];
  if (reason !== undefined) return { ok: false, reason, details };
  if (state.status === 'paused' || state.stalledMs < stalledAfterMs) return { ok: true, details };
  const text = `no slot has become free for ${seconds(state.stalledMs)} s`;
  return stalled === 'down'
    ? { ok: false, reason: text, details }
    : { ok: true, degraded: true, reason: text, details };
}

/**
 * Answers if a worker is alive. A worker is dead only if slots are free and it has not even tried to
 * receive for `maxSilenceMs`. Failed attempts count, so an outage of the queue kills no process. A
 * worker that starts, pauses or stops is alive.
 *
 * @throws RangeError an option is not acceptable
 * @publicApi
 */
export function workerLiveness(state: WorkerState, options: LivenessOptions = {}): ProbeResult {
  const { maxSilenceMs, maxStallMs } = resolveLiveness(options);
  const details = workerDetails(state);
  const reason = isReceiving(state) ? deathOf(state, maxSilenceMs, maxStallMs) : undefined;
  return reason === undefined ? { ok: true, details } : { ok: false, reason, details };
}

/**
 * Answers if a client is ready: its queues answered last, or no call has opened a queue yet. A client
 * opens its queues at the first call, so `starting` must not keep calls away.
 *
 * @publicApi
 */
export function clientReadiness(state: ClientState): ProbeResult {
  const { status, queues, failure } = state;
  const details = { state: status, queues, ...(failure !== undefined && { failure }) };
  if (status === 'up' || status === 'starting') return { ok: true, details };
  const reason = status === 'down' ? 'a queue does not answer the client' : 'the client is closed';
  return { ok: false, reason, details };
}

function deathOf(state: WorkerState, maxSilenceMs: number, maxStallMs: number): string | undefined {
  const { stalledMs, slotsTaken, slots, sinceAttemptMs = 0 } = state;
  if (stalledMs > maxStallMs) return `handlers have held all slots for ${seconds(stalledMs)} s`;
  const waits = stalledMs > 0 || slotsTaken >= slots;
  if (waits || sinceAttemptMs <= maxSilenceMs) return undefined;
  return `slots are free, and no receive has begun for ${seconds(sinceAttemptMs)} s`;
}

function isReceiving({ status }: WorkerState): boolean {
  return status === 'up' || status === 'down';
}

function workerDetails({ status, failure, ...rest }: WorkerState): Readonly<Record<string, unknown>> {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { state: status, ...Object.fromEntries(given), ...(failure !== undefined && { failure }) };
}

function resolveReadiness({ stalled, stalledAfterMs }: ReadinessOptions): {
  readonly stalled: 'degraded' | 'down';
  readonly stalledAfterMs: number;
} {
  return {
    stalled: choiceOption<'degraded' | 'down'>('stalled', stalled, ['degraded', 'down']),
    stalledAfterMs: numberOption('stalledAfterMs', stalledAfterMs, STALLED_MS, 1, DAY_MS),
  };
}

function resolveLiveness({ maxSilenceMs, maxStallMs }: LivenessOptions): {
  readonly maxSilenceMs: number;
  readonly maxStallMs: number;
} {
  return {
    maxSilenceMs: numberOption('maxSilenceMs', maxSilenceMs, SILENCE_MS, LEAST_SILENCE_MS, DAY_MS),
    maxStallMs: maxStallMs === undefined ? Infinity : numberOption('maxStallMs', maxStallMs, 0, 1, DAY_MS),
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}
