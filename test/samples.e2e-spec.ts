import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { expectItsOutput, TIMEOUT_MS } from './run-sample.js';

/** Samples that run by themselves and print the same every time. */
const samples = readdirSync('sample').filter((name) => existsSync(join('sample', name, 'expected-output.txt')));

/** Needs Python, Java and Go: see samples.interop-spec.ts. */
const OTHER_LANGUAGES = '05-other-languages';

describe('the samples', () => {
  it('contains the four samples with an expected output', () => {
    expect(samples).toEqual(['02-fifo-groups', '03-large-payloads', '04-multicast', OTHER_LANGUAGES]);
  });

  it.each(samples.filter((name) => name !== OTHER_LANGUAGES))(
    '%s prints its expected output and nothing to standard error',
    (name) => expectItsOutput(name),
    TIMEOUT_MS,
  );

  it.each(samples)('%s has a README with a numbered title', (name) => {
    expect(readFileSync(join('sample', name, 'README.md'), 'utf8')).toMatch(/^# \d\d /);
  });
});
