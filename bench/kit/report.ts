import type { Bench } from './bench.js';
import type { Acceptance, Figure } from './results.js';
import { table } from './table.js';

/** Formats figures and demands as two Markdown tables. */
export function formatTables(bench: Bench, figures: readonly Figure[], acceptances: readonly Acceptance[]): string {
  const judged = acceptances.map((acceptance) => [
    acceptance.demand,
    acceptance.measured.toFixed(2),
    acceptance.wanted,
    outcomeOf(acceptance),
  ]);
  const tables = [table(figureRows(bench, figures))];
  if (judged.length > 0) tables.push(table([['acceptance', 'measured', 'wanted', ''], ...judged]));
  return tables.map((lines) => lines.join('\n')).join('\n\n');
}

function outcomeOf({ reached, aboveFloor }: Acceptance): string {
  if (reached) return 'reached';
  return aboveFloor === false ? 'missed, below the floor' : 'missed';
}

function figureRows(bench: Bench, figures: readonly Figure[]): string[][] {
  const shown = bench.quantities.filter((quantity) => figures.some((figure) => figure.quantity === quantity));
  const several = bench.settings.length > 1;
  const rows = new Map<string, string[]>();
  for (const { candidate, setting } of figures) {
    const key = `${candidate}\n${setting}`;
    if (rows.has(key)) continue;
    const own = figures.filter((figure) => figure.candidate === candidate && figure.setting === setting);
    const cells = shown.map((quantity) => cellOf(own.find((figure) => figure.quantity === quantity)));
    rows.set(key, [candidate, ...(several ? [setting] : []), ...cells]);
  }
  return [[bench.subject, ...(several ? ['at'] : []), ...shown.map(({ head }) => head)], ...rows.values()];
}

function cellOf(figure: Figure | undefined): string {
  if (figure === undefined) return '–';
  const { value, least, most, quantity } = figure;
  const text = format(value, quantity.digits);
  return quantity.spread ? `${text} (${format(least, quantity.digits)}–${format(most, quantity.digits)})` : text;
}

/** Separates thousands by a blank, as the tables of the documentation do. */
function format(value: number, digits: number): string {
  const [whole, fraction] = value.toFixed(digits).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** One entry of `--json`. */
export interface JsonEntry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Null for the baseline itself. The bound, for an acceptance. */
  readonly baseline: number | null;
  /** `value` divided by `baseline`. */
  readonly ratio: number | null;
  /** Least and largest sample. */
  readonly spread?: readonly [number, number];
  readonly wanted?: string;
  readonly reached?: boolean;
}

/** Returns all figures, then all demands, in one shape for programs. */
export function toJson(bench: Bench, figures: readonly Figure[], acceptances: readonly Acceptance[]): JsonEntry[] {
  return [
    ...figures.map(({ candidate, setting, quantity, value, least, most, baseline }) => ({
      name: [bench.name, candidate, ...(bench.settings.length > 1 ? [setting] : []), quantity.head].join(': '),
      unit: quantity.unit,
      value,
      baseline,
      ratio: baseline === null ? null : value / baseline,
      spread: [least, most] as const,
    })),
    ...acceptances.map(({ demand, measured, wanted, bound, reached }) => ({
      name: `${bench.name}: acceptance: ${demand}`,
      unit: 'ratio or value',
      value: measured,
      baseline: bound,
      ratio: measured / bound,
      wanted,
      reached,
    })),
  ];
}
