/**
 * Times runs of one function.
 *
 * Counts the CPU time of the whole process, garbage collection included, because other processes
 * may share the machine.
 */
export class CpuTimer {
  /** Number of runs that fill a sample. */
  private runs: number | undefined;

  constructor(
    private readonly run: () => unknown,
    /** Approximate CPU time of one sample, in ms. */
    private readonly sampleMs: number,
  ) {}

  /** Returns the CPU time of one run in µs. The first call warms the function up. */
  sample(): number {
    this.runs ??= this.calibrate();
    return this.timeOf(this.runs) / this.runs;
  }

  private calibrate(): number {
    const budget = this.sampleMs * 1000;
    let count = 1;
    for (;;) {
      const time = this.timeOf(count);
      // The first runs are slow, so a filled sample is taken again.
      if (time >= budget / 2) return Math.max(1, Math.round((count * budget) / Math.max(1, this.timeOf(count))));
      count *= 2;
    }
  }

  /** Returns the user and system CPU time in µs. */
  private timeOf(count: number): number {
    const from = process.cpuUsage();
    for (let i = 0; i < count; i++) kept = this.run();
    const { user, system } = process.cpuUsage(from);
    if (kept === undefined) throw new Error('there was no result');
    return user + system;
  }
}

/** Keeps results, so that no engine can optimize the work away. */
let kept: unknown;
