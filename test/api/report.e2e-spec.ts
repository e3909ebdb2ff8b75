import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

describe('the report of the public API', () => {
  it('is what docs/api holds, and every type in it can be named', () => {
    const report = join('test', 'api', 'report.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [report], { encoding: 'utf8' });
    expect(status === 0 ? '' : `${stdout}${stderr}`).toBe('');
    const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: object };
    const entries = Object.keys(exports).length - 1; // Beside package.json itself.
    expect(stdout).toMatch(new RegExp(`^(\\./dist/\\w+\\.d\\.ts: \\d+ names\\n){${entries}}$`));
  });
});
