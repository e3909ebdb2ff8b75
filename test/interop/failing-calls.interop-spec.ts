import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { startEmbeddedSqs, type EmbeddedSqs } from '../../lib/testing.js';
import { build, LANGUAGES, type Language } from '../../sample/05-other-languages/peer.js';
import { describeReady } from './describe-ready.js';
import { startNestWorker } from './nest-peer.js';

const BUILT = resolve('build/peers');
const HERE = resolve('test/interop/failing-calls');
const PYTHON_PATH = [`${BUILT}/python/generated`, resolve('sample/05-other-languages/python')].join(delimiter);

/** Starts the program of each language in its folder, without a build of its own. */
const COMMANDS: Readonly<Record<Language, () => readonly string[]>> = {
  python: () => [`${BUILT}/python`, 'venv/bin/python', `${HERE}/failing_calls.py`],
  java: () => {
    const classes = [`${BUILT}/java/classes`, readFileSync(`${BUILT}/java/classpath`, 'utf8').trim()].join(delimiter);
    return [`${BUILT}/java`, 'java', '-cp', classes, `${HERE}/FailingCalls.java`];
  },
  go: () => [`${BUILT}/go`, 'go', 'run', `${HERE}/failing_calls.go`],
};

const NAMES = ['binary', 'compact', 'json'].flatMap((protocol) => [protocol, `${protocol}-packed`]);

for (const language of LANGUAGES) {
  describeReady(`A call that cannot be written in ${language}`, build(language), () => {
    let sqs: EmbeddedSqs;
    const apps: { close(): Promise<unknown> }[] = [];

    beforeAll(async () => {
      sqs = await startEmbeddedSqs();
    });

    afterAll(() => sqs.stop());

    afterEach(async () => {
      for (const app of apps.splice(0)) await app.close();
    });

    it('Nest handles the calls before and after a call that a client cannot write', async () => {
      const { name: queue } = await sqs.createQueue('failing-calls');
      const [cwd, command, ...args] = COMMANDS[language]();
      const env = { ...process.env, ...sqs.env, AWS_ENDPOINT_URL: sqs.endpoint, PYTHONPATH: PYTHON_PATH };
      const { stdout } = await promisify(execFile)(command!, [...args, queue], { cwd, env });
      expect(stdout.trim().split('\n').sort()).toEqual(
        [...NAMES.map((name) => `${name}-bad failed`), 'in pieces failed'].sort(),
      );
      const { endpoint, region, credentials } = sqs;
      const { app, received } = await startNestWorker({ queue, endpoint, region, credentials });
      apps.push(app);
      const expected = NAMES.flatMap((name) => [`${name}-1`, `${name}-2`]);
      await received.until(expected.length, 20_000);
      const users = received.calls.map(({ args: { request } }) => (request as { userId: string }).userId);
      expect(users.sort()).toEqual(expected.sort());
    }, 120_000);
  });
}
