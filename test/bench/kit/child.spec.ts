import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startChild } from '../../../bench/kit/child.js';

/** Answers each command, and ends after the command `die`. */
const PROGRAM = `
process.send({ number: 0, value: true });
process.on('message', ({ number, name }) => {
  process.send({ number, value: name }, () => name === 'stop' ? process.exit(0) : name === 'die' && process.exit(3));
});
`;

describe('a program of the benchmarks', () => {
  let folder: string;
  let program: URL;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-child-'));
    writeFileSync(join(folder, 'program.mjs'), PROGRAM);
    program = pathToFileURL(join(folder, 'program.mjs'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reports its end to a benchmark that waits for another process', async () => {
    const child = await startChild(program);
    await expect(child.ask('die')).resolves.toBe('die');
    await expect(child.ended).rejects.toThrow('program.mjs ended with 3');
    await child.stop();
  });

  it('ends when it is stopped', async () => {
    const child = await startChild(program);
    await child.stop();
    await expect(child.ended).rejects.toThrow('program.mjs ended with 0');
  });
});
