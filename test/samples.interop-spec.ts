import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** Samples that run by themselves and print the same every time. */
const samples = readdirSync('sample').filter((name) => existsSync(join('sample', name, 'expected-output.txt')));

/** Long enough for a sample that builds programs of other languages first. */
const TIMEOUT_MS = 600_000;

async function run(name: string): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', NO_COLOR: 'true' };
  const program = join('build', 'sample', name, 'run.js');
  return promisify(execFile)(process.execPath, [program], { env, timeout: TIMEOUT_MS });
}

/** Without the lines of what a sample said it skips, for want of another language: on CI it must not. */
function withoutSkipped(text: string, stdout: string): string {
  if (process.env['CI']) return text;
  const skipped = [...stdout.matchAll(/^(.+): skipped, /gm)].map(([, what]) => `${what}: `);
  return text
    .split('\n')
    .filter((line) => !skipped.some((what) => line.startsWith(what)))
    .join('\n');
}

describe('the samples', () => {
  it('contains the four samples with an expected output', () => {
    expect(samples).toEqual(['02-fifo-groups', '03-large-payloads', '04-multicast', '05-other-languages']);
  });

  it.each(samples)(
    '%s prints its expected output and nothing to standard error',
    async (name) => {
      const { stdout, stderr } = await run(name);
      const expected = readFileSync(join('sample', name, 'expected-output.txt'), 'utf8');
      expect(withoutSkipped(stdout, stdout)).toBe(withoutSkipped(expected, stdout));
      expect(stderr).toBe('');
    },
    TIMEOUT_MS + 10_000,
  );

  it.each(samples)('%s has a README with a numbered title', (name) => {
    expect(readFileSync(join('sample', name, 'README.md'), 'utf8')).toMatch(/^# \d\d /);
  });
});
