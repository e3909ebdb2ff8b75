import { PROTOCOLS } from '../../vectors/protocols.js';
import type { CellReport } from '../matrix/print.js';
import { sign } from '../matrix/print.js';
import type { ProgramLanguage } from '../matrix/program.js';
import type { CarrierCell } from './cells.js';

const TITLE = 28;
const COLUMN = 10;

/** The cells as two tables: clients that call Nest, and servers that Nest calls; transports down, protocols across. */
export function printCarriers(reports: readonly CellReport[], skipped: ReadonlyMap<ProgramLanguage, string>): void {
  for (const [title, isIn] of [
    ['client → Nest', ({ consumer }: CarrierCell) => consumer === 'nest'],
    ['Nest → server', ({ producer }: CarrierCell) => producer === 'nest'],
  ] as const) {
    console.log();
    printRow(title, PROTOCOLS);
    const rows = groupBy(
      reports.filter(({ cell }) => isIn(cell as CarrierCell)),
      ({ cell }) => titleOf(cell as CarrierCell),
    );
    for (const [row, found] of rows) {
      printRow(
        row,
        PROTOCOLS.map((protocol) => sign(found.find(({ cell }) => cell.protocol === protocol)!)),
      );
    }
  }
  for (const [language, why] of skipped) console.log(`skipped: ${language}: ${why}`);
}

function titleOf({ producer, consumer, transport }: CarrierCell): string {
  return `${producer === 'nest' ? consumer : producer}, ${transport}`;
}

function printRow(title: string, columns: readonly string[]): void {
  console.log(`${title.padEnd(TITLE)}${columns.map((column) => column.padEnd(COLUMN)).join('')}`.trimEnd());
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
