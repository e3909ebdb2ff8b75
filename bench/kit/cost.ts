/** Holds the cost of some work of this process. */
export interface Cost {
  readonly seconds: number;
  /** User and system time of the whole process, in µs. */
  readonly cpu: number;
}

/** Returns the CPU time of this process so far, in µs. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Starts to measure this process. The returned function returns the cost since then. */
export function startCost(): () => Cost {
  const [from, cpuFrom] = [performance.now(), cpuTime()];
  return () => ({ seconds: (performance.now() - from) / 1000, cpu: cpuTime() - cpuFrom });
}

/** Performs work of this process and returns its cost. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const cost = startCost();
  await work();
  return cost();
}
