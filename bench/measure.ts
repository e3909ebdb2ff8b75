/** Something to time, by name. */
export interface Subject {
  readonly name: string;
  readonly run: () => unknown;
}

/** How long to measure. */
export interface Effort {
  /** Samples of each subject. */
  readonly rounds: number;
  /** What one sample takes about, in ms of CPU time. */
  readonly sampleMs: number;
}

/**
 * The time of one run of each subject, in µs: the median over rounds, each of which times all subjects in an order of its own.
 *
 * CPU time of the whole process is what counts, garbage collection included, since others may share the machine.
 */
export function measure(subjects: readonly Subject[], { rounds, sampleMs }: Effort): Map<string, number> {
  const samples = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  const runs = new Map(subjects.map((subject) => [subject, runsIn(subject, sampleMs)]));
  for (let round = 0; round < rounds; round++) {
    for (const subject of shuffled(subjects)) {
      const count = runs.get(subject)!;
      samples.get(subject.name)!.push(cpuTime(subject, count) / count);
    }
  }
  return new Map([...samples].map(([name, times]) => [name, median(times)]));
}

/** Warms a subject up, and finds how many runs fill a sample. */
function runsIn(subject: Subject, sampleMs: number): number {
  const budget = sampleMs * 1000;
  let count = 1;
  for (;;) {
    const time = cpuTime(subject, count);
    // The first runs are slow ones, so a sample that was filled is taken again.
    if (time >= budget / 2) return Math.max(1, Math.round((count * budget) / Math.max(1, cpuTime(subject, count))));
    count *= 2;
  }
}

/** What stays of results, so that no engine can leave the work out. */
let kept: unknown;

/** µs of CPU time, user and system. */
function cpuTime({ run }: Subject, count: number): number {
  const from = process.cpuUsage();
  for (let i = 0; i < count; i++) kept = run();
  const { user, system } = process.cpuUsage(from);
  if (kept === undefined) throw new Error('there was no result');
  return user + system;
}

/** The same items in an order by chance. */
export function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
