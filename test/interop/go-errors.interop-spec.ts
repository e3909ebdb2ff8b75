import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { startEmbeddedSqs } from '../../lib/testing.js';
import { build } from '../../sample/05-other-languages/peer.js';
import { describeReady } from './describe-ready.js';

describeReady('Errors of the transport in Go', build('go'), () => {
  it('wraps the errors of the SDK in errors of Thrift', async () => {
    const sqs = await startEmbeddedSqs();
    const env = { ...process.env, ...sqs.env, AWS_ENDPOINT_URL: sqs.endpoint };
    try {
      const program = resolve('test/interop/causes/causes.go');
      const { stdout } = await promisify(execFile)('go', ['run', program], { cwd: resolve('build/peers/go'), env });
      expect(stdout).toBe('open true true\nflush true true\nreceive true true\ndone true true\n');
    } finally {
      await sqs.stop();
    }
  }, 60_000);
});
