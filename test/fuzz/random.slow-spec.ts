import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ProtocolName } from '../../lib/thrift/protocol.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { ourOutcome } from './our-outcome.js';
import { runRandom } from './random-run.js';

const RUNS = Number(process.env['FUZZ_ROUNDS'] ?? 10_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_250) >>> 0;

describe(`P3 random and mutated bytes, seed ${SEED}`, () => {
  it.each(PROTOCOLS)(
    '%s: decodes random bytes to a call or a documented error',
    (protocol) => {
      const report = runRandom(protocol, RUNS, SEED);
      expect({ seed: SEED, faults: report.faults }).toEqual({ seed: SEED, faults: [] });
      const refused = [...report.refused.values()].reduce((sum, count) => sum + count, 0);
      expect(report.accepted + refused).toBe(RUNS);
      // A run that never gets past the header, or is never refused, would prove nothing.
      expect(report.accepted).toBeGreaterThan(RUNS / 100);
      expect(report.refused.size).toBeGreaterThan(5);
    },
    600_000,
  );
});

interface Defect {
  readonly found: string;
  readonly protocol: ProtocolName;
  readonly bytes: string;
  /** Why the bytes are refused since. */
  readonly reason: string;
}

const defects = JSON.parse(readFileSync('test/fuzz/fixtures/defects.json', 'utf8')) as readonly Defect[];

describe('defects found by fuzzing', () => {
  it.each(defects.map((one) => [one.found, one] as const))(
    'refuses the bytes of a fixed defect: %s',
    (_found, { protocol, bytes, reason }) => {
      expect(ourOutcome(protocol, Buffer.from(bytes, 'hex'))).toMatchObject({ ok: false, reason });
    },
  );
});
