import { table } from '../table.js';
import type { Acceptance } from './acceptance.js';
import type { Result } from './run-candidates.js';

/**
 * Formats results and demands as two Markdown tables. A ratio is the speed relative to Apache
 * binary.
 */
export function report(results: readonly Result[], acceptances: readonly Acceptance[]): string {
  return [...table(resultRows(results)), '', ...table(acceptanceRows(acceptances))].join('\n');
}

function resultRows(results: readonly Result[]): string[][] {
  const head = ['codec', 'entries', 'bytes', 'encode µs', 'decode µs', 'encode ×', 'decode ×'];
  const rows = results.map(({ name, entries, bytes, encode, decode }) => {
    const base = results.find((result) => result.name === 'Apache binary' && result.entries === entries);
    const times = (of: number | undefined, by: number): string => (of === undefined ? '' : (of / by).toFixed(1));
    return [
      name,
      String(entries),
      String(bytes),
      encode.toFixed(2),
      decode.toFixed(2),
      times(base?.encode, encode),
      times(base?.decode, decode),
    ];
  });
  return [head, ...rows];
}

function acceptanceRows(acceptances: readonly Acceptance[]): string[][] {
  const rows = acceptances.map(({ demand, entries, ratio, wanted, reached }) => [
    demand,
    String(entries),
    ratio.toFixed(2),
    String(wanted),
    reached ? 'reached' : 'missed',
  ]);
  return [['acceptance', 'entries', 'measured', 'wanted', ''], ...rows];
}
