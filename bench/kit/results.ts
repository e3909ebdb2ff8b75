import type { Bench, Demand, Quantity, Values } from './bench.js';
import { median } from './statistics.js';

/** Holds the samples of one candidate at one setting. */
export interface Sampled {
  readonly candidate: string;
  readonly setting: string;
  readonly samples: Values[];
}

/** Summarizes the samples of one quantity. */
export interface Figure {
  readonly candidate: string;
  readonly setting: string;
  readonly quantity: Quantity;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** Median of the baseline at the same setting. Null for the baseline itself, and without one. */
  readonly baseline: number | null;
}

/** Compares a demand with the figures. */
export interface Acceptance {
  readonly demand: string;
  readonly measured: number;
  readonly wanted: string;
  /** The number in `wanted`. */
  readonly bound: number;
  readonly reached: boolean;
  /** Set if the demand has a floor. */
  readonly aboveFloor?: boolean;
}

/** Returns a figure for each quantity that the samples have. */
export function summarize(bench: Bench, sampled: readonly Sampled[]): readonly Figure[] {
  const figures = sampled.flatMap(({ candidate, setting, samples }) =>
    bench.quantities.flatMap((quantity) => {
      const values = samples.flatMap(({ [quantity.key]: value }) => (value === undefined ? [] : [value]));
      if (values.length === 0) return [];
      const [least, most] = [Math.min(...values), Math.max(...values)];
      return [{ candidate, setting, quantity, value: median(values), least, most }];
    }),
  );
  return figures.map((figure) => {
    const { setting, quantity, candidate } = figure;
    const name = typeof bench.baseline === 'string' ? bench.baseline : bench.baseline[candidate];
    const base = figures.find(
      (other) => other.candidate === name && other.setting === setting && other.quantity === quantity,
    );
    return { ...figure, baseline: base === undefined || name === candidate ? null : base.value };
  });
}

/** Compares all demands with the figures. Leaves out demands about candidates that did not run. */
export function judge({ demands, settings }: Bench, figures: readonly Figure[]): readonly Acceptance[] {
  return demands.flatMap((demand) => {
    const names = demand.settings ?? settings.map(({ name }) => name);
    return names.flatMap((setting) => judgeAt(demand, setting, settings.length > 1, figures));
  });
}

function judgeAt(demand: Demand, setting: string, named: boolean, figures: readonly Figure[]): Acceptance[] {
  const find = (candidate: string): Figure | undefined =>
    figures.find(
      (figure) =>
        figure.candidate === candidate && figure.setting === setting && figure.quantity.key === demand.quantity,
    );
  const own = find(demand.of);
  const other = demand.than === undefined ? undefined : find(demand.than);
  if (own === undefined || (demand.than !== undefined && other === undefined)) return [];
  const subject = `${own.candidate}: ${own.quantity.head}`;
  const against = other === undefined ? '' : ` against ${other.candidate}`;
  return [{ demand: `${subject}${against}${named ? `, ${setting}` : ''}`, ...compare(demand, own, other) }];
}

function compare(demand: Demand, own: Figure, other: Figure | undefined): Omit<Acceptance, 'demand'> {
  const { atLeast, atMost, floor, orValue } = demand;
  if (atLeast !== undefined) {
    const measured = other === undefined ? own.value : timesAsGood(own, other.value);
    const enough = orValue !== undefined && own.value >= orValue;
    return {
      measured,
      wanted: orValue === undefined ? `≥ ${atLeast}` : `≥ ${atLeast}, or ${orValue} ${own.quantity.unit}`,
      bound: atLeast,
      reached: measured >= atLeast || enough,
      ...(floor !== undefined && { aboveFloor: measured >= floor }),
    };
  }
  if (atMost === undefined) throw new TypeError(`the demand on ${demand.of} has no bound`);
  const measured = own.value / (other?.value ?? 1);
  return { measured, wanted: `≤ ${atMost}`, bound: atMost, reached: measured <= atMost };
}

/** Returns a ratio that is larger for better values. */
function timesAsGood({ quantity, value }: Figure, other: number): number {
  return quantity.better === 'higher' ? value / other : other / value;
}
