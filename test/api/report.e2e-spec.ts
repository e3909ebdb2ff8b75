import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

describe('the report of the public API', () => {
  it('is what docs/api holds, and every type in it can be named', () => {
    const report = join('test', 'api', 'report.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [report], { encoding: 'utf8' });
    expect(status === 0 ? '' : `${stdout}${stderr}`).toBe('');
    expect(stdout).toMatch(/^(\.\/dist\/\w+\.d\.ts: \d+ names\n){8}$/);
  });
});
