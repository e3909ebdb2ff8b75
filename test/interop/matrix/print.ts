import { PROTOCOLS } from '../../vectors/protocols.js';
import { LANGUAGES, PACKINGS, type Cell, type Language } from './cells.js';
import type { Deviation } from './deviation.js';
import type { Expected } from './judge.js';

/** Holds the expected value of a cell and the faults of the received value. */
export interface CellReport {
  readonly cell: Cell;
  readonly expected: readonly Expected[];
  readonly findings: readonly string[];
}

const TITLE = 18;
const COLUMN = 10;
/** A cell that is broken altogether says so often enough. */
const MOST_FINDINGS = 20;

/** The matrix as a table: a block for each protocol and packing, producers down, consumers across. */
export function printMatrix(reports: readonly CellReport[], skipped: ReadonlyMap<Language, string>): void {
  for (const packing of PACKINGS) {
    for (const protocol of PROTOCOLS) {
      const block = reports.filter(({ cell }) => cell.packing === packing && cell.protocol === protocol);
      console.log();
      printRow(`${protocol}, ${packing}`, (consumer) => `→ ${consumer}`);
      for (const producer of LANGUAGES) {
        printRow(producer, (consumer) => {
          const found = block.find(({ cell }) => cell.producer === producer && cell.consumer === consumer);
          return found ? sign(found) : 'skipped';
        });
      }
    }
  }
  console.log('\n223: calls as they were sent; 216+7: seven of them with a known deviation');
  for (const [language, why] of skipped) console.log(`skipped: ${language}: ${why}`);
}

function printRow(title: string, column: (consumer: Language) => string): void {
  const columns = LANGUAGES.map((consumer) => column(consumer).padEnd(COLUMN));
  console.log(`${title.padEnd(TITLE)}${columns.join('')}`.trimEnd());
}

/** Each deviation that was met, with how often. */
export function printDeviations(known: readonly Deviation[], reports: readonly CellReport[]): void {
  const met = reports.flatMap(({ expected }) => expected.flatMap(({ deviations }) => deviations));
  console.log('\nknown deviations, and how many calls met them:');
  for (const { id, why, unsent } of known) {
    const times = met.filter((one) => one === id).length;
    if (times > 0 || unsent) console.log(`  ${id} (${unsent ? 'left out' : times}): ${why}`);
  }
}

/** Shortens a report to one word. */
export function sign({ expected, findings }: CellReport): string {
  if (findings.length > 0) return 'FAILED';
  const deviating = expected.filter(({ deviations }) => deviations.length > 0).length;
  return [expected.length - deviating, ...(deviating > 0 ? [deviating] : [])].join('+');
}

/** Lists the faults, cell by cell. */
export function printFindings(reports: readonly CellReport[]): void {
  for (const { cell, findings } of reports.filter((report) => report.findings.length > 0)) {
    console.log(`\n${cell.queue}: ${findings.length} wrong`);
    for (const finding of findings.slice(0, MOST_FINDINGS)) console.log(`  ${finding}`);
    if (findings.length > MOST_FINDINGS) console.log(`  … and ${findings.length - MOST_FINDINGS} more`);
  }
}
