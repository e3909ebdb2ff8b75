import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';

const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

let sqs: EmbeddedSqs;
const children: ChildProcess[] = [];

beforeAll(async () => {
  sqs = await startEmbeddedSqs();
  await sqs.createQueue('backup');
});
afterAll(async () => {
  for (const child of children.filter((one) => one.exitCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await sqs.stop();
});

function start(name: string): ChildProcess {
  const env = { ...process.env, ...QUIET, ...sqs.env };
  const child = spawn(process.execPath, [join('build', 'test', 'programs', `${name}.js`)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

/** Reads the output of a program up to a line. */
async function until(lines: AsyncIterator<string>, wanted: RegExp): Promise<void> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) if (wanted.test(next.value)) return;
  throw new Error(`the program ended before it printed ${String(wanted)}`);
}

/**
 * Counts the lines of a program beyond IDL and handler. Every line counts, imports too, except blank
 * lines, comments, and the handler between its two comments. Prettier decides about line breaks.
 */
function countLines(name: string): number {
  const source = readFileSync(join('test', 'programs', `${name}.ts`), 'utf8');
  const counted = source.replace(/^\/\/ handler$[\s\S]*?^\/\/ end of handler$/m, '').replace(/\/\*\*[\s\S]*?\*\//g, '');
  return counted.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

describe('the smallest programs', () => {
  it('need at most 12 lines for a worker beyond the IDL and its handler', () => {
    expect(countLines('smallest-worker')).toBeLessThanOrEqual(12);
  });

  it('need at most 12 lines for a client beyond the IDL', () => {
    expect(countLines('smallest-client')).toBeLessThanOrEqual(12);
  });

  it('work together', async () => {
    const lines = createInterface({ input: start('smallest-worker').stdout! })[Symbol.asyncIterator]();
    await until(lines, /successfully started/);
    const [code] = (await once(start('smallest-client'), 'exit')) as [number];
    expect(code).toBe(0);
    await until(lines, /^backup of alice$/);
  });
});
