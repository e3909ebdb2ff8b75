import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const RUN = join('build', 'sample', '01-one-click-backup', 'run.js');
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', NO_COLOR: 'true' };

describe('01-one-click-backup', () => {
  it.each(['sqs', 'socket', 'http'])('loses no backup over %s', async (over) => {
    const env = { ...process.env, ...QUIET, OVER: over };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [RUN], { env });
    const rows = ['accepted', 'handled', 'failed', 'lost', 'duplicated'];
    const counts = rows.map((row) => Number(new RegExp(`^  ${row} +(\\d+)$`, 'm').exec(stdout)?.[1]));
    expect(counts).toEqual([25, 25, 0, 0, 0]);
    expect(stderr).toBe('');
  });
});
