import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultScript } from '../../fakes/sqs/faults.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';

/** The environment of a machine without anything of AWS. */
const BARE = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, ['build/test/contract/command/run.js', ...args], { env: { ...BARE, ...env } });
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const exit = once(child, 'close') as Promise<[number | null]>;
  const [out, complaint] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  return { code: (await exit)[0], output: out + complaint };
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return endOf(start(args, env));
}

describe('npm run contract', () => {
  it('passes on an embedded SQS over both data paths, and deletes its queues', async () => {
    const { code, output } = await run([]);
    expect(output).toMatch(/data path lean: \d\d passed, 0 failed, 6 known deviations, 0 skipped/);
    expect(output).toMatch(/data path sdk: \d\d passed, 0 failed, 6 known deviations, 0 skipped/);
    expect(output).toMatch(/Deleted (\d+) of \1 queues/);
    expect(code).toBe(0);
  });

  it.each([
    ['no region', ['--aws'], {}, /^There is no region: .+ Give --region/],
    [
      'no credentials',
      ['--aws', '--region', 'eu-west-1'],
      {},
      /^There are no credentials for AWS: .+\nSet AWS_PROFILE/,
    ],
    ['two targets', ['--aws', '--endpoint', 'http://127.0.0.1:1'], {}, /^Give --aws or --endpoint, not both/],
    ['a prefix that no queue can have', ['--prefix', 'a/b'], {}, /^--prefix takes/],
    ['an unknown data path', ['--data-path', 'fast'], {}, /^--data-path takes lean or sdk/],
    ['an unknown option', ['--asw'], {}, /Unknown option '--asw'/],
  ])('says what is wrong and ends with code 2 when there are: %s', async (_, args, env, error) => {
    const { code, output } = await run(args, env);
    expect(output).toMatch(error);
    expect(code).toBe(2);
  });
});

describe('npm run contract, against a server', () => {
  let fake: SqsFake;
  let created: string[];
  let deleted: Set<string>;
  let headers: Record<string, unknown>[];
  let fault: FaultScript | undefined;

  beforeEach(async () => {
    [created, deleted, headers, fault] = [[], new Set(), [], undefined];
    fake = await startSqsFake({
      faults: (request) => {
        const { action, body } = request;
        if (action === 'CreateQueue') created.push(String(body.QueueName));
        if (action === 'DeleteQueue') deleted.add(String(body.QueueUrl).split('/').pop()!);
        if (action === 'SendMessageBatch') headers.push(request.headers);
        return fault?.(request);
      },
    });
  });
  afterEach(() => fake.stop());

  const own = (): Record<string, string> => ({
    AWS_ENDPOINT_URL_SQS: fake.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'own',
    AWS_SECRET_ACCESS_KEY: 'own',
  });

  it('passes every check on the fake, and sends the requests of each data path over this path', async () => {
    for (const dataPath of ['lean', 'sdk']) {
      headers.length = 0;
      const { code, output } = await run(['--endpoint', fake.endpoint, '--data-path', dataPath]);
      expect(output).toMatch(/\d\d passed, 0 failed, 0 known deviations, 0 skipped/);
      expect(code).toBe(0);
      const bySdk = headers.map((each) => 'amz-sdk-invocation-id' in each);
      expect(new Set(bySdk)).toEqual(new Set([dataPath === 'sdk']));
    }
    expect(deleted).toEqual(new Set(created));
  });

  it('finds region and keys by itself with --aws, and skips what SQS does not promise', async () => {
    const { code, output } = await run(['--aws', '--prefix', 'mine', '--data-path', 'lean'], own());
    expect(output).toMatch(
      /^The contract of a queue on AWS in eu-west-1, at http:.+ The queues begin with mine-\w{8}-$/m,
    );
    expect(output).toMatch(/data path lean: \d\d passed, 0 failed, 0 known deviations, 3 skipped/);
    expect(output).toContain('skipped   order: one receive brings several messages of a group (SQS may hand out fewer');
    expect(code).toBe(0);
    expect(created.filter((name) => !/^mine-\w{8}-/.test(name))).toEqual([]);
    expect(deleted).toEqual(new Set(created));
  });

  it('says which permissions it needs if it can create no queue', async () => {
    fault = ({ action }) =>
      action === 'CreateQueue' ? { kind: 'error', error: 'AccessDenied', status: 403 } : undefined;
    const { code, output } = await run(['--aws'], own());
    expect(output).toMatch(
      /No queue can be created: AccessDenied.*\nThe command needs sqs:CreateQueue, sqs:DeleteQueue/,
    );
    expect(code).toBe(2);
  });

  it('names failed checks and queues that it cannot delete, with the command that deletes them', async () => {
    fault = ({ action, body }) => {
      if (action === 'DeleteMessageBatch') return { kind: 'error', error: 'AccessDenied', status: 403 };
      const isKept = action === 'DeleteQueue' && String(body.QueueUrl).endsWith('-lean-7');
      return isKept ? { kind: 'error', error: 'AccessDenied', status: 403 } : undefined;
    };
    const { code, output } = await run(['--endpoint', fake.endpoint, '--data-path', 'lean']);
    expect(output).toMatch(/FAILED {4}settling: an acknowledged message does not come back\n +AccessDenied/);
    expect(output).toMatch(/data path lean: \d+ passed, [1-9]\d* failed/);
    const left = created.find((name) => name.endsWith('-lean-7'))!;
    expect(output).toContain(`Could not delete ${left}: AccessDenied`);
    expect(output).toMatch(new RegExp(`aws sqs delete-queue --region us-east-1 --queue-url http://.+/${left}\n`));
    expect(code).toBe(1);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('deletes its queues on %s', async (signal) => {
    const child = start(['--endpoint', fake.endpoint]);
    const ended = endOf(child);
    await fake.log.arrival('SendMessageBatch');
    child.kill(signal);
    const { code, output } = await ended;
    expect(output).toMatch(/Deleted (\d+) of \1 queues/);
    expect(code).toBe(130);
    expect(created.length).toBeGreaterThan(0);
    expect(deleted).toEqual(new Set(created));
  });
});
