/** Buckets for each power of two, so that a bucket is at most 1.6 % wide. */
const STEPS = 64;
const BUCKETS = STEPS * 28;

/** Counts of latencies by bucket, as a process sends them to another. */
export type LatencyCounts = readonly number[];

/** Counts latencies of up to 35 minutes in memory of a fixed size. */
export class Latencies {
  private readonly counts = new Uint32Array(BUCKETS);

  /**
   * @param us whole µs
   * @throws RangeError if the latency is negative: then two processes do not share a clock
   */
  add(us: number): void {
    if (us < 0) throw new RangeError(`an event was handled ${-us} µs before it was emitted`);
    this.counts[bucketOf(us)]! += 1;
  }

  reset(): void {
    this.counts.fill(0);
  }

  merge(counts: LatencyCounts): void {
    for (const [bucket, count] of counts.entries()) this.counts[bucket]! += count;
  }

  read(): LatencyCounts {
    return [...this.counts];
  }

  /**
   * Returns a percentile in µs: the middle of its bucket.
   *
   * @param share from 0 to 1
   */
  percentile(share: number): number {
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    let left = Math.max(1, Math.ceil(total * share));
    const bucket = this.counts.findIndex((count) => (left -= count) <= 0);
    if (bucket < 0) throw new Error('no latency was counted');
    return middleOf(bucket);
  }
}

function bucketOf(us: number): number {
  if (us < 2 * STEPS) return us;
  const doublings = 31 - Math.clz32(us) - Math.log2(STEPS);
  return Math.min(BUCKETS - 1, doublings * STEPS + (us >>> doublings));
}

function middleOf(bucket: number): number {
  if (bucket < 2 * STEPS) return bucket;
  const doublings = Math.floor(bucket / STEPS) - 1;
  return (bucket - doublings * STEPS + 0.5) * 2 ** doublings;
}
