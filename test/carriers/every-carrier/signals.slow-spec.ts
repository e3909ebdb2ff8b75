import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { CARRIERS } from './carriers.js';

/** Runs the worker, sends SIGTERM while it handles a message, and returns what it told and the signal that ended it. */
async function terminate(carrier: string): Promise<{ readonly told: unknown[]; readonly signal: unknown }> {
  const child = fork('build/test/programs/signalled-carrier.js', [carrier]);
  const told: unknown[] = [];
  child.on('message', (line) => {
    told.push(line);
    if (line === 'begins 1') child.kill('SIGTERM');
  });
  const [, signal] = (await once(child, 'exit')) as [number, string];
  return { told, signal };
}

describe('a worker that gets SIGTERM while it handles a message', () => {
  it.each(CARRIERS.map(({ name }) => name))('ends its handler before its providers over %s', async (carrier) => {
    const { told, signal } = await terminate(carrier);
    expect(told).toEqual(['begins 1', 'ends 1', 'destroyed']);
    expect(signal).toBe('SIGTERM');
  });
});
