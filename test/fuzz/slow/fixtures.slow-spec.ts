import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PROTOCOLS } from '../../vectors/protocols.js';
import { costlyBody, type CostlyCase, MOST_BYTES } from './costly-case.js';
import { reading } from './measure.js';
import { measureRead } from './search.js';

const FOLDER = 'test/fuzz/fixtures/costly';

interface Fixture extends CostlyCase {
  /** The cost when the case was found, and its cause. */
  readonly found: string;
}

const fixtures = readdirSync(FOLDER).map(
  (file) => [file.replace('.json', ''), JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Fixture] as const,
);
const READERS = [
  ...PROTOCOLS.map((protocol) => ({ protocol, generated: false })),
  { protocol: 'compact', generated: true } as const,
];

describe('the costliest bodies that the search has found', () => {
  it.each(fixtures)('keep all bounds, in each protocol and in generated code: %s', (_, { found, ...one }) => {
    for (const { protocol, generated } of READERS) {
      const body = costlyBody({ ...one, protocol, generated });
      expect(body!.bytes).toBeGreaterThan(MOST_BYTES * 0.9);
      expect({ found, protocol, generated, broken: measureRead(reading(body!)).broken }).toEqual({
        found,
        protocol,
        generated,
        broken: [],
      });
    }
  });
});
