import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { costlyBody, type CostlyCase, MOST_BYTES } from './costly-case.js';
import { cpuOf, heapOf, logOf, reading } from './measure.js';
import { brokenBounds } from './search.js';

const FOLDER = 'test/fuzz/fixtures/costly';

interface Fixture extends CostlyCase {
  /** The cost when the case was found, and its cause. */
  readonly found: string;
  /** MB at the peak by the limits of today, for a case of memory. Far less means that the case is refused early. */
  readonly peakMB?: number;
}

const fixtures = readdirSync(FOLDER).map(
  (file) => [file.replace('.json', ''), JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Fixture] as const,
);
/**
 * Time in ms that no machine needs. The exact bound belongs to `npm run fuzz -- --slow`. The reads of most fixtures
 * took longer than this before their cost was limited.
 */
const FAR_TOO_LONG = 300;

describe('the costliest bodies that the search has found', () => {
  it.each(fixtures)('keep all bounds, in their protocol and in generated code: %s', (_, { found, peakMB, ...one }) => {
    if (peakMB !== undefined) expect(heapOf(reading(costlyBody(one)!)).peak).toBeGreaterThan(peakMB * 0.7e6);
    for (const reader of [{ generated: false }, { generated: true, protocol: 'compact' }] as const) {
      const body = costlyBody({ ...one, ...reader });
      expect(body!.bytes).toBeGreaterThan(MOST_BYTES * 0.9);
      const read = reading(body!);
      expect(cpuOf(read, FAR_TOO_LONG)).toBeLessThan(FAR_TOO_LONG);
      const others = brokenBounds(0, heapOf(read), logOf(read));
      expect({ found, ...reader, others }).toEqual({ found, ...reader, others: [] });
    }
  });
});
