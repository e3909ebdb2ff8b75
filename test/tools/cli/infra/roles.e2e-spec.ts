import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, type ClientSqsThriftOptions, type ServerSqsThriftOptions } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import type { Template } from '../../../../lib/tools/cli/infra/cloudformation.js';
import type { PolicyDocument } from '../../../../lib/tools/cli/infra/policy-document.js';
import { CommandLine } from '../harness.js';
import { applyTemplate } from './apply-template.js';
import { type RecordingServer, startRecordingServer, type Used } from './recording-server.js';
import { startFlowWorker } from './role-flow.js';

const IDL = 'service Jobs { oneway void run(1: string id, 2: optional string body) }';
const Jobs = findService(loadSchemaFromText(IDL), 'Jobs');
/** More than a message of SQS takes. */
const LARGE = 'x'.repeat(1_100_000);

const folder = mkdtempSync(join(tmpdir(), 'infra-roles-'));
writeFileSync(join(folder, 'jobs.thrift'), IDL);
const line = CommandLine.withoutSqs(folder);

let sqs: EmbeddedSqs;
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
  await sqs.createBucket('bodies');
});
afterAll(() => sqs.stop());

/** Runs `infra` with options, which also give the queue its name, and applies the template. */
async function deploy(queue: string, options: object): Promise<Readonly<Record<string, PolicyDocument>>> {
  const file = join(folder, `${queue}.json`);
  writeFileSync(file, JSON.stringify({ queue, region: sqs.region, account: '000000000000', ...options }));
  const infra = async (format: string): Promise<unknown> => {
    const { status, stdout, stderr } = await line.run(['infra', '--format', format, '--idl', '.', '--options', file]);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  await applyTemplate(sqs, (await infra('cloudformation')) as Template);
  return ((await infra('iam')) as { policies: Record<string, PolicyDocument> }).policies;
}

/** Lists what a policy allows, in the form in which the server records it. */
function allowed({ Statement }: PolicyDocument): readonly Used[] {
  return Statement.flatMap(({ Action, Resource }) =>
    ([Resource].flat() as string[]).flatMap((arn) => [Action].flat().map((action): Used => `${action} on ${arn}`)),
  );
}

/** True if a policy allows an action. A star at the end of a resource stands for any text. */
function covers(grant: Used, used: Used): boolean {
  return grant.endsWith('*') ? used.startsWith(grant.slice(0, -1)) : used === grant;
}

/** Compares both ways: actions that no grant covers, and grants that no action used. */
function compare(policy: PolicyDocument, { used }: RecordingServer): { refused: Used[]; unused: Used[] } {
  const grants = allowed(policy);
  return {
    refused: [...used].filter((each) => !grants.some((grant) => covers(grant, each))),
    unused: grants.filter((grant) => ![...used].some((each) => covers(grant, each))),
  };
}

const largePayloads = { bucket: 'bodies', prefix: 'calls/' };

interface Flow {
  readonly client: RecordingServer;
  readonly worker: RecordingServer;
}

/** Emits calls as the client, and handles them as the worker, each over an endpoint of its own. */
async function flow(
  queue: string,
  ids: readonly (readonly [id: string, body?: string])[],
  outcomes: readonly string[],
  options: {
    readonly client?: Partial<ClientSqsThriftOptions>;
    readonly worker?: Partial<ServerSqsThriftOptions>;
  } = {},
): Promise<Flow> {
  const withS3 = ids.some(([, body]) => body !== undefined);
  const [client, worker] = [await startRecordingServer(sqs), await startRecordingServer(sqs)];
  const access = ({ endpoint }: RecordingServer) => ({ endpoint, region: sqs.region, credentials: sqs.credentials });
  const s3 = ({ endpoint }: RecordingServer) => withS3 && { largePayloads: { ...largePayloads, endpoint } };
  const emitter = new ClientSqsThrift({ ...access(client), queue, service: Jobs, ...s3(client), ...options.client });
  try {
    await Promise.all(ids.map(([id, body]) => lastValueFrom(emitter.emit<string>('run', { id, body }))));
  } finally {
    await emitter.close();
  }
  const running = await startFlowWorker({
    ...access(worker),
    queue,
    service: Jobs,
    waitTimeSeconds: 1,
    ...s3(worker),
    ...options.worker,
  });
  try {
    expect(await running.until(outcomes.length)).toEqual([...outcomes].sort());
  } finally {
    await running.app.close();
    await Promise.all([client.stop(), worker.stop()]);
  }
  return { client, worker };
}

const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe('the policies of infra, against what a client and a worker ask for', () => {
  it('grant both sides of a queue each action that they use, and no other', async () => {
    const policies = await deploy('plain', {});
    const { client, worker } = await flow('plain', [['a'], ['retry-b']], ['ack', 'retry', 'ack']);
    expect(compare(policies['plain-client']!, client)).toEqual({ refused: [], unused: [] });
    expect(compare(policies['plain-worker']!, worker)).toEqual({ refused: [], unused: [] });
  });

  it('grant a worker that resends calls of shared bodies the send', async () => {
    const policies = await deploy('packed', { pack: true });
    const { worker } = await flow('packed', [['a'], ['retry-b'], ['c']], ['split', 'ack'], {
      client: { pack: { lingerMs: 50 } },
    });
    // A message without other calls is hidden after a failure. The flow above shows it.
    const unused = [`sqs:ChangeMessageVisibility on ${arn('packed')}`];
    expect(compare(policies['packed-worker']!, worker)).toEqual({ refused: [], unused });
  });

  it('grant a worker that copies dead letters a send to the dead-letter queue', async () => {
    const policies = await deploy('copied', { poisonPolicy: 'dead-letter' });
    const worker = { poisonPolicy: 'dead-letter', deadLetterQueue: 'copied-dlq' } as const;
    const used = await flow('copied', [['reject-a'], ['retry-b']], ['reject', 'retry', 'ack'], { worker });
    expect(compare(policies['copied-worker']!, used.worker)).toEqual({ refused: [], unused: [] });
  });

  it('grant both sides what large bodies in S3 need', async () => {
    const policies = await deploy('large', { largePayloads, poisonPolicy: 'dead-letter' });
    const worker = { poisonPolicy: 'dead-letter', deadLetterQueue: 'large-dlq' } as const;
    const ids = [
      ['a', LARGE],
      ['reject-b', LARGE],
      ['retry-c', LARGE],
    ] as const;
    const outcomes = ['ack', 'reject', 'retry', 'ack'];
    const used = await flow('large', ids, outcomes, { worker });
    expect(compare(policies['large-client']!, used.client)).toEqual({
      refused: [],
      // Removes a body whose message SQS has refused.
      unused: ['s3:DeleteObject on arn:aws:s3:::bodies/calls/*'],
    });
    expect(compare(policies['large-worker']!, used.worker)).toEqual({
      refused: [],
      // Makes S3 answer 404 for a missing body. No request of its own needs it.
      unused: ['s3:ListBucket on arn:aws:s3:::bodies'],
    });
  });

  it('grant a publisher the topic alone, whose messages reach the queue', async () => {
    const topic = await sqs.createTopic('news');
    const policies = await deploy('heard', { topic });
    expect(Object.keys(policies)).toEqual(['news-publisher', 'heard-worker']);
    const { client, worker } = await flow('heard', [['a'], ['retry-b']], ['ack', 'retry', 'ack'], {
      client: { queue: undefined, topic },
    });
    expect(compare(policies['news-publisher']!, client)).toEqual({ refused: [], unused: [] });
    expect(compare(policies['heard-worker']!, worker)).toEqual({ refused: [], unused: [] });
  });
});
