/** Maps names to functions to time. */
export interface Subject {
  readonly name: string;
  readonly run: () => unknown;
}

/** Configures a measurement. */
export interface Effort {
  /** Number of samples of each subject. */
  readonly rounds: number;
  /** Approximate CPU time of one sample, in ms. */
  readonly sampleMs: number;
}

/**
 * Measures one run of each subject in µs: the median over rounds. Each round times all subjects in
 * a random order.
 *
 * Counts the CPU time of the whole process, garbage collection included, because other processes
 * may share the machine.
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

/** Warms a subject up and returns the number of runs that fill a sample. */
function runsIn(subject: Subject, sampleMs: number): number {
  const budget = sampleMs * 1000;
  let count = 1;
  for (;;) {
    const time = cpuTime(subject, count);
    // The first runs are slow, so a filled sample is taken again.
    if (time >= budget / 2) return Math.max(1, Math.round((count * budget) / Math.max(1, cpuTime(subject, count))));
    count *= 2;
  }
}

/** Keeps results, so that no engine can optimize the work away. */
let kept: unknown;

/** Returns the user and system CPU time in µs. */
function cpuTime({ run }: Subject, count: number): number {
  const from = process.cpuUsage();
  for (let i = 0; i < count; i++) kept = run();
  const { user, system } = process.cpuUsage(from);
  if (kept === undefined) throw new Error('there was no result');
  return user + system;
}

/** Returns the items in a random order. */
export function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Returns the middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
