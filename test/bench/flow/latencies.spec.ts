import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { now } from '../../../bench/flow/clock.js';
import { Latencies } from '../../../bench/flow/latencies.js';

function exact(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1]!;
}

describe('Latencies', () => {
  it('gives percentiles within 1 % of the exact ones', () => {
    const latency = fc.oneof(fc.nat(300), fc.nat(100_000), fc.nat(2_000_000_000));
    fc.assert(
      fc.property(
        fc.array(latency, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0, 0.5, 0.99, 1),
        (values, share) => {
          const latencies = new Latencies();
          for (const value of values) latencies.add(value);
          const wanted = exact(values, share);
          expect(Math.abs(latencies.percentile(share) - wanted)).toBeLessThanOrEqual(wanted * 0.01);
        },
      ),
    );
  });

  it('merges the counts of another process', () => {
    const [one, other] = [new Latencies(), new Latencies()];
    for (const value of [1, 2]) one.add(value);
    for (const value of [3, 4, 5]) other.add(value);
    one.merge(other.read());
    expect([0, 0.5, 1].map((share) => one.percentile(share))).toEqual([1, 3, 5]);
  });

  it('refuses a negative latency, with which no percentile would be right', () => {
    expect(() => new Latencies().add(-3)).toThrow('an event was handled 3 µs before it was emitted');
  });

  it('has no percentile without a latency', () => {
    const latencies = new Latencies();
    latencies.add(7);
    latencies.reset();
    expect(() => latencies.percentile(0.5)).toThrow('no latency was counted');
  });
});

describe('now', () => {
  it("is the system's monotonic clock in µs", () => {
    const before = Number(process.hrtime.bigint() / 1000n);
    const at = now();
    const after = Number(process.hrtime.bigint() / 1000n);
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(after);
  });
});
