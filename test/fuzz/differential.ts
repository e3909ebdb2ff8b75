import type { ProtocolName } from '#lib/thrift/protocol.js';
import { explain } from './known-differences.js';
import { mutated } from './mutate.js';
import { ourOutcome, type OurOutcome } from './our-outcome.js';
import { PythonOutcomes, type PythonOutcome } from './python-outcomes.js';
import { seeded, type Random } from './random.js';
import { randomMessages } from './random-messages.js';

/** Holds the result of a differential run. */
export interface DifferentialReport {
  readonly runs: number;
  /** Messages that both accepted with the same values, and that both refused. */
  accepted: number;
  refused: number;
  /** Counts the occurrences of each known difference. */
  readonly known: Map<string, number>;
  /** Differences that no rule explains, the first few of them. */
  readonly unexplained: { readonly bytes: string; readonly ours: OurOutcome; readonly python: PythonOutcome }[];
}

const BATCH = 500;
const REPORTED = 20;

/** Gives `runs` random messages, three of four of them mutated, to this library and to Apache's Python library. */
export async function runDifferential(protocol: ProtocolName, runs: number, seed: number): Promise<DifferentialReport> {
  const report: DifferentialReport = { runs, accepted: 0, refused: 0, known: new Map(), unexplained: [] };
  const random = seeded(seed);
  const python = new PythonOutcomes();
  try {
    for (let done = 0; done < runs; done += BATCH) {
      const messages = Array.from({ length: Math.min(BATCH, runs - done) }, () => structured(random, protocol));
      const theirs = await python.read(protocol, messages);
      for (const [i, bytes] of messages.entries()) count(report, protocol, bytes, theirs[i]!);
    }
  } finally {
    await python.close();
  }
  return report;
}

function structured(random: Random, protocol: ProtocolName): Buffer {
  const bytes = randomMessages(random, protocol);
  return random.oneIn(4) ? bytes : mutated(random, bytes, randomMessages(random, protocol));
}

function count(report: DifferentialReport, protocol: ProtocolName, bytes: Buffer, python: PythonOutcome): void {
  const ours = ourOutcome(protocol, bytes);
  const rule = explain(protocol, ours, python);
  if (rule === undefined) {
    if (report.unexplained.length < REPORTED) report.unexplained.push({ bytes: bytes.toString('hex'), ours, python });
  } else if (rule !== 'same') report.known.set(rule, (report.known.get(rule) ?? 0) + 1);
  else if (ours.ok) report.accepted++;
  else report.refused++;
}
