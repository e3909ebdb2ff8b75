import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';

/** Takes MD5 from a process, as FIPS mode and hardened builds of OpenSSL do. */
const PRELOAD = `
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
for (const way of ['createHash', 'hash']) {
  const original = crypto[way];
  crypto[way] = (name, ...rest) => {
    if (!/^md5$/i.test(name)) return original(name, ...rest);
    const error = new Error('error:0308010C:digital envelope routines::unsupported');
    throw Object.assign(error, { code: 'ERR_OSSL_EVP_UNSUPPORTED' });
  };
}
syncBuiltinESMExports();
`;

let fake: SqsFake;
beforeAll(async () => {
  fake = await startSqsFake();
  fake.createQueue('backup');
});
afterAll(() => fake.stop());

interface Program {
  readonly child: ChildProcess;
  /** Resolves with the output and the number of warnings about MD5 when the program has ended. */
  readonly ended: Promise<{ readonly output: string; readonly warnings: number }>;
}

/** Starts a program that has no MD5. */
function start(name: string): Program {
  const preload = `data:text/javascript,${encodeURIComponent(PRELOAD)}`;
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL_SQS: fake.endpoint,
    AWS_REGION: fake.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const file = join('build', 'test', 'programs', `${name}.js`);
  const child = spawn(process.execPath, ['--import', preload, file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(() => ({
    output,
    warnings: errors.split('cannot compute MD5 (ERR_OSSL_EVP_UNSUPPORTED)').length - 1,
  }));
  return { child, ended };
}

describe('a process without MD5', () => {
  it('stores an event once and warns once', async () => {
    const { child, ended } = start('smallest-client');
    expect(await ended).toMatchObject({ warnings: 1 });
    expect(child.exitCode).toBe(0);
    expect(fake.stored('backup')).toHaveLength(1);
    expect(fake.log.count('SendMessageBatch').requests).toBe(1);
  });

  it('handles an event once, acknowledges the message and warns once', async () => {
    const arrival = fake.log.arrival('DeleteMessageBatch');
    const { child, ended } = start('smallest-worker');
    await arrival;
    child.kill('SIGKILL');
    const { output, warnings } = await ended;
    expect(output.split('backup of alice')).toHaveLength(2);
    expect(warnings).toBe(1);
    expect(fake.messages('backup')).toEqual([]);
  });
});
