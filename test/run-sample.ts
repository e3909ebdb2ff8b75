import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';

/** Long enough for a sample that builds programs of other languages first. */
export const TIMEOUT_MS = 600_000;

async function run(name: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', NO_COLOR: 'true' };
  const program = join('build', 'sample', name, 'run.js');
  return promisify(execFile)(process.execPath, [program, ...args], { env, timeout: TIMEOUT_MS });
}

/** Leaves out the lines of a language that the sample skips where it is missing. CI has all languages, so nothing may be skipped there. */
function withoutSkipped(text: string, stdout: string): string {
  if (process.env['CI']) return text;
  const skipped = [...stdout.matchAll(/^(.+): skipped, /gm)].map(([, what]) => `${what}: `);
  return text
    .split('\n')
    .filter((line) => !skipped.some((what) => line.startsWith(what)))
    .join('\n');
}

/** Replaces measured rates, which differ from run to run. */
function withoutRates(text: string): string {
  return text.replace(/\d+(?= strings a second)/g, '…');
}

/** Runs a sample and compares its output with the file that its folder has for it. */
export async function expectItsOutput(name: string, args: readonly string[] = []): Promise<void> {
  const { stdout: printed, stderr } = await run(name, args);
  const stdout = withoutRates(printed);
  const expected = readFileSync(join('sample', name, 'expected-output.txt'), 'utf8');
  expect(withoutSkipped(stdout, stdout)).toBe(withoutSkipped(expected, stdout));
  expect(stderr).toBe('');
}
