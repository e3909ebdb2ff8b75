import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProtocolName } from '../../lib/thrift/protocol.js';
import { whatIsMissing } from '../interop/python-peer.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { runDifferential } from './differential.js';
import { explain, KNOWN_DIFFERENCES } from './known-differences.js';
import { ourOutcome } from './our-outcome.js';
import { PythonOutcomes } from './python-outcomes.js';

interface Example {
  readonly rule: string;
  readonly protocol: ProtocolName;
  readonly bytes: string;
}

const RUNS = Number(process.env['FUZZ_DIFF'] ?? 1_000);
/** The same every time: a run that must pass is no place to search. `npm run fuzz` searches. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_251) >>> 0;
const examples = JSON.parse(readFileSync('test/fuzz/fixtures/known-differences.json', 'utf8')) as readonly Example[];

/** A list of too many values. */
const many = `${message('onBytes')}0f000103${(1_048_576).toString(16).padStart(8, '0')}${'01'.repeat(1_048_576)}00`;
const all: readonly Example[] = [...examples, { rule: 'elements', protocol: 'binary', bytes: many }];

/** The header of a oneway call in the binary protocol. */
function message(name: string): string {
  return `80010004${name.length.toString(16).padStart(8, '0')}${Buffer.from(name).toString('hex')}00000000`;
}

describe('P20 the rules for differences to Python', () => {
  it('the document explains every rule for a difference and no other rule', () => {
    const explained = [...readFileSync('test/fuzz/known-differences.md', 'utf8').matchAll(/^### (.*)$/gm)];
    expect(explained.map(([, id]) => id!).sort()).toEqual(KNOWN_DIFFERENCES.map(({ id }) => id).sort());
  });

  it('every rule for a difference has an example', () => {
    expect(new Set(all.map(({ rule }) => rule))).toEqual(new Set(KNOWN_DIFFERENCES.map(({ id }) => id)));
  });
});

const TITLE = "P20 decodes messages as Apache's Python library does";

const missing = whatIsMissing();
if (missing !== undefined && process.env['CI']) {
  it(TITLE, () => {
    throw new Error(missing);
  });
} else if (missing !== undefined) console.warn(`skipped: ${TITLE}: ${missing}`);

(missing === undefined ? describe : describe.skip)(`${TITLE}, seed ${SEED}`, () => {
  let python: PythonOutcomes;
  beforeAll(() => {
    python = new PythonOutcomes();
  });
  afterAll(() => python.close());

  it.each(all.map((one) => [one.rule, one.protocol, one] as const))(
    'explains the difference %s in %s',
    async (rule, protocol, { bytes }) => {
      const given = Buffer.from(bytes, 'hex');
      const [theirs] = await python.read(protocol, [given]);
      expect(explain(protocol, ourOutcome(protocol, given), theirs!)).toBe(rule);
    },
  );

  it('leaves a difference with another cause unexplained', async () => {
    const given = Buffer.from(`${message('onI8')}03000107 00`.replace(' ', ''), 'hex');
    const [theirs] = await python.read('binary', [given]);
    const ours = ourOutcome('binary', given);
    expect(explain('binary', ours, theirs!)).toBe('same');
    expect(explain('binary', { ok: true, calls: [['onI8', 0, { v: 8 }]] }, theirs!)).toBeUndefined();
    expect(explain('binary', { ok: false, reason: 'type-mismatch', message: 'expected i8' }, theirs!)).toBeUndefined();
  });

  it.each(PROTOCOLS)(
    '%s: finds no difference without a rule',
    async (protocol) => {
      const report = await runDifferential(protocol, RUNS, SEED);
      expect({ seed: SEED, unexplained: report.unexplained }).toEqual({ seed: SEED, unexplained: [] });
      const known = [...report.known.values()].reduce((sum, count) => sum + count, 0);
      expect(report.accepted + report.refused + known).toBe(RUNS);
      expect(report.accepted).toBeGreaterThan(RUNS / 20);
    },
    600_000,
  );
});
