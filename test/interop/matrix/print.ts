import type { Deviation } from './deviation.js';
import type { Expected } from './judge.js';
import { LANGUAGES, PACKINGS, type Cell, type Language } from './cells.js';

/** What was found in a cell. */
export interface CellReport {
  readonly cell: Cell;
  /** How many calls had to arrive as they were sent, how many otherwise, and what is wrong. */
  readonly calls: number;
  readonly deviating: number;
  readonly findings: readonly string[];
}

const COLUMN = 10;
/** A cell that is broken altogether says so often enough. */
const MOST_FINDINGS = 20;

/** The matrix as a table: a block for each protocol and packing, producers down, consumers across. */
export function printMatrix(reports: readonly CellReport[], skipped: ReadonlyMap<Language, string>): void {
  const blocks = new Map<string, CellReport[]>();
  for (const report of reports) {
    const title = `${report.cell.protocol}, ${report.cell.packing}`;
    blocks.set(title, [...(blocks.get(title) ?? []), report]);
  }
  const ordered = [...blocks].sort(
    ([a], [b]) => PACKINGS.findIndex((p) => a.endsWith(p)) - PACKINGS.findIndex((p) => b.endsWith(p)),
  );
  for (const [title, block] of ordered) {
    console.log(`\n${title.padEnd(18)}${LANGUAGES.map((name) => `→ ${name}`.padEnd(COLUMN)).join('')}`);
    for (const producer of LANGUAGES) {
      const row = LANGUAGES.map((consumer) => {
        const found = block.find(({ cell }) => cell.producer === producer && cell.consumer === consumer);
        return (found ? sign(found) : 'skipped').padEnd(COLUMN);
      });
      console.log(`${producer.padEnd(18)}${row.join('')}`);
    }
  }
  for (const [language, why] of skipped) console.log(`\nskipped: ${language}: ${why}`);
}

/** Each known deviation with how often it was met. */
export function printDeviations(known: readonly Deviation[], expected: ReadonlyMap<Cell, readonly Expected[]>): void {
  const met = [...expected.values()].flat().flatMap(({ deviations }) => deviations);
  console.log('\nknown deviations, as met:');
  for (const { id, why, unsent } of known) {
    const times = met.filter((one) => one === id).length;
    console.log(`  ${id} (${unsent ? 'left out' : `${times} calls`}): ${why}`);
  }
}

/** `223` calls as they were sent, `220+3` of which three known deviations, `FAILED`. */
function sign({ calls, deviating, findings }: CellReport): string {
  if (findings.length > 0) return 'FAILED';
  return deviating === 0 ? String(calls) : `${calls}+${deviating}`;
}

export function printFindings(reports: readonly CellReport[]): void {
  for (const { cell, findings } of reports.filter((report) => report.findings.length > 0)) {
    const { producer, consumer, protocol, packing } = cell;
    console.log(`\n${producer} → ${consumer}, ${protocol}, ${packing}: ${findings.length} wrong`);
    for (const finding of findings.slice(0, MOST_FINDINGS)) console.log(`  ${finding}`);
    if (findings.length > MOST_FINDINGS) console.log(`  … and ${findings.length - MOST_FINDINGS} more`);
  }
}
