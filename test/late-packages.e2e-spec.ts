import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSqsFake, type SqsFake } from './fakes/sqs/sqs-fake.js';

const run = promisify(execFile);

/** Packages that load with the first queue of SQS. */
const LATE = 'node_modules/(@aws-sdk|@smithy|undici)/';

/** Runs a script with the CommonJS build, and returns the files of late packages that are loaded after each step. */
async function loadedAfter(...steps: string[]): Promise<string[][]> {
  const note = `shown.push(Object.keys(require.cache).filter((path) => /${LATE.replaceAll('/', '\\/')}/.test(path)));`;
  const body = steps.map((step) => `${step}; ${note}`).join('\n');
  const script = `(async () => { const shown = []; ${body} console.log(JSON.stringify(shown)); })()`;
  const { stdout } = await run(process.execPath, ['-e', script]);
  return JSON.parse(stdout) as string[][];
}

describe('the AWS SDK and undici', () => {
  let fake: SqsFake;
  beforeAll(async () => {
    fake = await startSqsFake();
    fake.createQueue('q');
  });
  afterAll(() => fake.stop());

  /** Opens a queue, and returns the late files that loaded with it. */
  async function loadedByQueue(dataPath: 'lean' | 'sdk', check = ''): Promise<string[]> {
    const { endpoint, region, credentials } = fake;
    const options = JSON.stringify({ queue: 'q', endpoint, region, credentials, dataPath });
    const open = `const queue = await require('./dist/cjs/lib/port.js').openSqsQueue(${options}); await queue.close(); ${check}`;
    const [before, after] = await loadedAfter("require('./dist/cjs/lib/port.js')", open);
    expect(before).toEqual([]);
    return after!;
  }

  it.each([
    'index',
    'codec',
    'health',
    'http',
    'idl',
    'lambda',
    'opentelemetry',
    'port',
    'prometheus',
    'socket',
    'starling',
    'terminus',
    'testing',
  ])('do not load with the entry point %s', async (entry) => {
    expect(await loadedAfter(`require('./dist/cjs/lib/${entry}.js')`)).toEqual([[]]);
  });

  it('load with the first queue of SQS, and of undici only the client', async () => {
    const loaded = await loadedByQueue('lean');
    expect(loaded.some((path) => path.includes('node_modules/@aws-sdk/client-sqs/'))).toBe(true);
    const ofUndici = loaded.flatMap((path) => path.split('node_modules/undici/')[1] ?? []);
    expect(ofUndici).toContain('lib/dispatcher/pool.js');
    // A failure here after an upgrade of undici means that the file has moved, and that start-up is slow again.
    expect(ofUndici).not.toContain('index.js');
  });

  it('load without undici on the data path of the SDK', async () => {
    const loaded = await loadedByQueue('sdk');
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded.filter((path) => path.includes('node_modules/undici/'))).toEqual([]);
  });

  it("leave the dispatcher of Node's fetch alone", async () => {
    const refuse = `if (globalThis[Symbol.for('undici.globalDispatcher.1')] !== undefined) throw new Error('replaced');`;
    await expect(loadedByQueue('lean', refuse)).resolves.toBeDefined();
    // The root of undici does replace it, so that the check can fail.
    await expect(loadedByQueue('lean', `require('undici'); ${refuse}`)).rejects.toThrow('replaced');
  });
});
