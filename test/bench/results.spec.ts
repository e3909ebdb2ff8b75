import { describe, expect, it } from '@jest/globals';
import type { Bench, Demand, Quantity } from '../../bench/kit/bench.js';
import { toJson } from '../../bench/kit/report.js';
import { judge, summarize } from '../../bench/kit/results.js';

const speed: Quantity = { key: 'speed', head: 'events / s', unit: 'events/s', digits: 0, better: 'higher' };
const time: Quantity = { key: 'time', head: 'µs', unit: 'µs', digits: 1, better: 'lower' };

/** Runs a benchmark of two candidates, of which ours is three times as fast as the other. */
function results(...demands: readonly Demand[]) {
  const bench: Bench = {
    name: 'any',
    title: 'Any',
    subject: 'way',
    rounds: 3,
    settings: [{ name: 'at once' }],
    quantities: [speed, time],
    candidates: [],
    baseline: 'theirs',
    demands,
  };
  const figures = summarize(bench, [
    { candidate: 'ours', setting: 'at once', samples: [30, 10, 35].map((n) => ({ speed: n, time: 60 / n })) },
    { candidate: 'theirs', setting: 'at once', samples: [10, 9, 90].map((n) => ({ speed: n, time: 60 / n })) },
  ]);
  return { bench, figures, acceptances: judge(bench, figures) };
}

function judged(demand: Omit<Demand, 'of'>) {
  const [acceptance] = results({ of: 'ours', ...demand }).acceptances;
  return acceptance;
}

describe('the results of a benchmark', () => {
  it('are medians, with the least and the largest sample and the median of the baseline', () => {
    const [ours, , theirs] = results().figures;
    expect(ours).toMatchObject({ candidate: 'ours', value: 30, least: 10, most: 35, baseline: 10 });
    expect(theirs).toMatchObject({ candidate: 'theirs', value: 10, baseline: null });
  });

  it.each([
    [{ than: 'theirs', quantity: 'speed', atLeast: 3 }, 3, true],
    [{ than: 'theirs', quantity: 'speed', atLeast: 3.1 }, 3, false],
    [{ than: 'theirs', quantity: 'time', atLeast: 3 }, 3, true],
    [{ than: 'theirs', quantity: 'time', atMost: 0.3 }, 1 / 3, false],
    [{ than: 'theirs', quantity: 'speed', atLeast: 4, orValue: 30 }, 3, true],
    [{ than: 'theirs', quantity: 'speed', atLeast: 4, orValue: 31 }, 3, false],
    [{ quantity: 'speed', atLeast: 30 }, 30, true],
    [{ quantity: 'time', atMost: 1.9 }, 2, false],
  ])('judge %j as %d', (demand, measured, reached) => {
    const acceptance = judged(demand)!;
    expect(acceptance.measured).toBeCloseTo(measured);
    expect(acceptance.reached).toBe(reached);
  });

  it('tell a demand that is missed from one that is below its floor', () => {
    const demand = { than: 'theirs', quantity: 'speed', atLeast: 4 };
    expect(judged({ ...demand, floor: 2.5 })).toMatchObject({ reached: false, aboveFloor: true });
    expect(judged({ ...demand, floor: 3.5 })).toMatchObject({ reached: false, aboveFloor: false });
  });

  it('leave out demands about candidates that did not run', () => {
    expect(judged({ than: 'others', quantity: 'speed', atLeast: 1 })).toBeUndefined();
  });

  it('have one shape for programs', () => {
    const { bench, figures, acceptances } = results({ of: 'ours', than: 'theirs', quantity: 'speed', atLeast: 2 });
    const entries = toJson(bench, figures, acceptances);
    expect(entries[0]).toEqual({
      name: 'any: ours: events / s',
      unit: 'events/s',
      value: 30,
      baseline: 10,
      ratio: 3,
      spread: [10, 35],
    });
    expect(entries.at(-1)).toMatchObject({ value: 3, baseline: 2, ratio: 1.5, wanted: '≥ 2', reached: true });
  });
});
