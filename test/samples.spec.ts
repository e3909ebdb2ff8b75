import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** Samples that run by themselves and print the same every time. */
const samples = readdirSync('sample').filter((name) => existsSync(join('sample', name, 'expected-output.txt')));

async function run(name: string): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', NO_COLOR: 'true' };
  const program = join('build', 'sample', name, 'run.js');
  return promisify(execFile)(process.execPath, [program], { env, timeout: 60_000 });
}

describe('the samples', () => {
  it('are there', () => {
    expect(samples).toEqual(['02-fifo-groups', '03-large-payloads', '04-multicast']);
  });

  it.each(samples)(
    '%s prints what it promises, and nothing to standard error',
    async (name) => {
      const { stdout, stderr } = await run(name);
      expect(stdout).toBe(readFileSync(join('sample', name, 'expected-output.txt'), 'utf8'));
      expect(stderr).toBe('');
    },
    70_000,
  );

  it.each(samples)('%s says in a README what it shows', (name) => {
    expect(readFileSync(join('sample', name, 'README.md'), 'utf8')).toMatch(/^# \d\d /);
  });
});
