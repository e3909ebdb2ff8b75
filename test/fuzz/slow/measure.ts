import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MalformedEventError } from '#lib/event/event-error.js';
import { createEventLog } from '#lib/nest/event-log.js';
import type { SettledEvent } from '#lib/diagnostics/transport-event.js';
import type { CostlyBody } from './costly-case.js';

/** Decodes of a measurement. */
const DECODES = 5;

/** Returns what a worker makes of a body: its calls, or why it rejects the body. */
export type Read = () => unknown;

/** Reads a body as a worker does. Any error but the documented one is thrown on. */
export function reading({ codec, body, split }: Pick<CostlyBody, 'codec' | 'body' | 'split'>): Read {
  return () => {
    try {
      return split ? codec.split(body) : codec.decode(body);
    } catch (error) {
      if (error instanceof MalformedEventError) return error;
      throw error;
    }
  };
}

/** Collections in a row at most. One alone leaves what only weak references and compiled code hold. */
const MOST_COLLECTIONS = 5;
const NOISE_BYTES = 50_000;

/** Collects garbage until nothing more is freed. Works also in a process that was started without the flag for it. */
function collectGarbage(): void {
  collect ??= exposed();
  let used = Infinity;
  for (let i = 0; i < MOST_COLLECTIONS; i++) {
    collect();
    const now = usedBytes();
    if (now > used - NOISE_BYTES) return;
    used = now;
  }
}

let collect: (() => void) | undefined;

function exposed(): () => void {
  const { gc } = globalThis;
  if (gc !== undefined) return () => void gc();
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/**
 * Returns the median CPU time of a read in ms, collections of garbage included. Stops after the second
 * read if it takes less than `floor`, for then the exact time is of no interest.
 */
export function cpuOf(read: Read, floor = 0, decodes = DECODES): number {
  // The first read runs code that is not compiled yet.
  once(read);
  const first = once(read);
  if (first < floor) return first;
  const times = Array.from({ length: decodes }, () => once(read)).sort((a, b) => a - b);
  return times[decodes >> 1]!;
}

/**
 * Measures one read. The time of the process counts helpers of the collector, and the time that has gone
 * by counts other processes, so the smaller of both is nearest to the time that a worker is blocked.
 */
function once(read: Read): number {
  const cpu = process.cpuUsage();
  const started = performance.now();
  read();
  const elapsed = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return Math.min(elapsed, (user + system) / 1000);
}

/** Memory of a read, in bytes, of the heap and outside of it. */
export interface HeapUse {
  /** Held by the value. */
  readonly retained: number;
  /** Used when the read ended, its garbage included that was not collected yet. */
  readonly peak: number;
}

/**
 * Returns the bytes that a read allocates, as long as nothing is collected meanwhile. The flags of `npm run fuzz`
 * make the young generation large enough for that.
 */
export function allocatedBy(read: Read): number {
  const before = usedBytes();
  read();
  return usedBytes() - before;
}

export function heapOf(read: Read): HeapUse {
  read();
  collectGarbage();
  const before = usedBytes();
  const value = read();
  const after = usedBytes();
  collectGarbage();
  const retained = usedBytes() - before;
  // Still in use here, so not collected before.
  if (value === undefined) throw new Error('a read gives calls or an error');
  return { retained, peak: Math.max(after - before, retained) };
}

function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Lines and characters that a worker logs. */
export interface LogUse {
  readonly lines: number;
  readonly characters: number;
}

/** Logs the end of a delivery as a worker with default options does. A handler fails and quotes what it got. */
export function logOf(read: Read): LogUse {
  const written: string[] = [];
  const write = (text: string, stack = ''): void => void written.push(text + stack);
  const log = createEventLog({ log: write, warn: write, error: write }, { now: () => 0 } as never);
  const value = read();
  if (value instanceof MalformedEventError) {
    const { reason, detail } = value;
    log({ ...SETTLED, outcome: 'reject', reason, detail, error: value, fate: 'kept', delaySeconds: 2 });
  } else {
    const methods = (value as readonly { readonly method?: string }[]).map(({ method = 'm' }) => method);
    log({ ...SETTLED, methods, outcome: 'retry', delaySeconds: 2, error: failureOf(value as readonly unknown[]) });
  }
  return { lines: written.length, characters: written.reduce((sum, text) => sum + text.length, 0) };
}

const SETTLED = {
  type: 'settled',
  queue: 'q',
  messageId: 'm',
  methods: [],
  receiveCount: 1,
  elapsedMs: 1,
} as const satisfies Partial<SettledEvent>;

/** Returns the error of a handler that quotes the first calls. */
function failureOf(calls: readonly unknown[]): Error {
  return new Error(`cannot handle ${quote(calls.slice(0, 10))}`);
}

function quote(value: unknown): string {
  try {
    return JSON.stringify(value, (_, item: unknown) =>
      typeof item === 'bigint' ? String(item) : item instanceof Set || item instanceof Map ? [...item] : item,
    );
  } catch (error) {
    // Objects that share a long default have more characters than a string may have. A handler fails then.
    return String(error);
  }
}
