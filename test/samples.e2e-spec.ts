import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { expectItsOutput, TIMEOUT_MS } from './run-sample.js';

/** Samples that run by themselves and print the same every time. */
const samples = readdirSync('sample').filter((name) => existsSync(join('sample', name, 'expected-output.txt')));

const SWAP = '06-swap-the-transport';

/** Needs Python, Java and Go: see samples.interop-spec.ts. */
const OTHER_LANGUAGES = '05-other-languages';

describe('the samples', () => {
  it('contains nine samples with an expected output', () => {
    expect(samples).toEqual([
      '00-quick-start',
      '02-fifo-groups',
      '03-large-payloads',
      '04-multicast',
      OTHER_LANGUAGES,
      SWAP,
      '07-simple-queue',
      '08-observability',
      '09-lambda',
    ]);
  });

  it.each(samples.filter((name) => name !== OTHER_LANGUAGES && name !== SWAP))(
    '%s prints its expected output and nothing to standard error',
    (name) => expectItsOutput(name),
    TIMEOUT_MS,
  );

  it.each(['sqs', 'socket', 'http', 'starling', 'memory'])(
    `${SWAP} prints the same summary over %s`,
    (transport) => expectItsOutput(SWAP, ['--over', transport]),
    TIMEOUT_MS,
  );

  it(`${SWAP} names the transports if it knows none of the name`, async () => {
    const program = join('build', 'sample', 'start.js');
    const failed = promisify(execFile)(process.execPath, [program, '--over', 'pigeon']);
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: 'There is no transport "pigeon". Choose one of sqs, socket, http, starling, memory.\n',
    });
  });

  it('use types that were generated from the IDL files as they are now', async () => {
    const program = join('dist', 'tools', 'cli', 'main.js');
    const args = [program, 'generate', 'idl', '--out', join('sample', 'generated'), '--check'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toMatch(/modules are up to date/);
  });

  it.each(samples)('%s has a README with a numbered title', (name) => {
    expect(readFileSync(join('sample', name, 'README.md'), 'utf8')).toMatch(/^# \d\d /);
  });
});
