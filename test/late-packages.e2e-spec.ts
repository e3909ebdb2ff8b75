import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

/** Packages that load with the first queue of SQS. */
const LATE = 'node_modules/(@aws-sdk|@smithy|undici)/';

/** Runs a script with the CommonJS build, and returns how many files of late packages are loaded after each step. */
async function loadedAfter(...steps: string[]): Promise<number[]> {
  const count = `shown.push(Object.keys(require.cache).filter((path) => /${LATE.replaceAll('/', '\\/')}/.test(path)).length);`;
  const body = steps.map((step) => `${step}; ${count}`).join('\n');
  const script = `(async () => { const shown = []; ${body} console.log(JSON.stringify(shown)); })()`;
  const { stdout } = await run(process.execPath, ['-e', script]);
  return JSON.parse(stdout) as number[];
}

describe('the AWS SDK and undici', () => {
  it.each(['index', 'codec', 'http', 'idl', 'port', 'socket', 'starling', 'testing'])(
    'do not load with the entry point %s',
    async (entry) => {
      expect(await loadedAfter(`require('./dist/cjs/lib/${entry}.js')`)).toEqual([0]);
    },
  );

  it('load with the first queue of SQS', async () => {
    const open =
      "await require('./dist/cjs/lib/port.js').openSqsQueue({ queue: 'q', endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }).catch(() => {})";
    const [before, after] = await loadedAfter("require('./dist/cjs/lib/port.js')", open);
    expect([before, after! > 0]).toEqual([0, true]);
  });
});
