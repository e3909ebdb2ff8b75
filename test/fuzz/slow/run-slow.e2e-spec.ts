import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const PROGRAM = ['--expose-gc', 'build/test/fuzz/run.js'];

function fuzz(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...PROGRAM, ...args], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

describe('npm run fuzz -- --slow', () => {
  it('prints the costliest bodies with names that make them again', () => {
    const table = fuzz('--slow', '--minutes', '0.01', '--seed', '2', '--protocol', 'compact', '--objective', 'log');
    expect(table).toMatch(/^compact, most log: \d+ bodies$/m);
    const [, bytes, name] = /^ +(\d+) .*--replay (compact:[\d.]+)$/m.exec(table)!;
    const shown = fuzz('--replay', name!);
    expect(shown).toContain('service S {');
    expect(shown).toMatch(new RegExp(`^ +${bytes} .*--replay ${name}$`, 'm'));
  });

  it('ends with the code 2 for an objective that does not exist', () => {
    const { status, stderr } = spawnSync(process.execPath, [...PROGRAM, '--slow', '--objective', 'disk'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('usage: npm run fuzz')]);
  });
});
