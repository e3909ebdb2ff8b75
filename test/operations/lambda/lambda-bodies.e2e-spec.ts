import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, type ClientSqsThriftOptions } from 'nestjs-sqs-thrift';
import type { LambdaQueueOptions } from 'nestjs-sqs-thrift/lambda';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { BackupQueue, Desk } from './backup-function.js';
import { contextOf, eventOf, toRecord } from './event-records.js';
import { closeFunctions, failures, functionOf } from './functions.js';

let sqs: EmbeddedSqs;
let requests: SQSClient;
let count = 0;

const BOTH = { users: ['alice', 'bob'], messages: 2 };

beforeAll(async () => {
  sqs = await startEmbeddedSqs();
  const { endpoint, region, credentials } = sqs;
  requests = new SQSClient({ endpoint, region, credentials });
});
afterEach(closeFunctions);
afterAll(async () => {
  requests.destroy();
  await sqs.stop();
});

interface BodyCase {
  readonly client?: Partial<ClientSqsThriftOptions>;
  readonly queue?: Partial<LambdaQueueOptions>;
  readonly prepare?: (queueArn: string) => Promise<void>;
}

/** Emits calls, and hands their messages to a function. Returns the users whose handlers ran, and the number of messages. */
async function handled({ client: own = {}, queue: given = {}, prepare }: BodyCase): Promise<typeof BOTH> {
  const { endpoint, region, credentials } = sqs;
  const access = { endpoint, region, credentials };
  const { name, url, arn } = await sqs.createQueue(`bodies-${(count += 1)}`);
  await prepare?.(arn);
  const client = new ClientSqsThrift({ ...access, queue: name, service: BackupQueue, ...own });
  await Promise.all(BOTH.users.map((userId) => lastValueFrom(client.emit('startBackup', { userId }))));
  await client.close();
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: 10,
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  const { Messages = [] } = await requests.send(command);
  const desk = new Desk();
  const handler = functionOf(desk, { ...access, queue: name, ...given });
  const event = eventOf(...Messages.map((message) => toRecord(message, arn)));
  expect(await handler(event, contextOf(20_000))).toEqual(failures());
  return { users: [...desk.lines].sort(), messages: Messages.length };
}

describe('a function reads', () => {
  it.each(['binary', 'compact', 'json'] as const)('bodies of the protocol %s', async (protocol) => {
    expect(await handled({ client: { protocol } })).toEqual(BOTH);
  });

  it('the calls of a packed body', async () => {
    expect(await handled({ client: { pack: true } })).toEqual({ ...BOTH, messages: 1 });
  });

  it('bodies in S3', async () => {
    await sqs.createBucket('bodies');
    const { endpoint, region, credentials } = sqs;
    const largePayloads = { bucket: 'bodies', endpoint, region, credentials };
    const client = { largePayloads: { ...largePayloads, threshold: 0 } };
    expect(await handled({ client, queue: { largePayloads } })).toEqual(BOTH);
  });

  it('calls in the envelopes of SNS', async () => {
    const topic = await sqs.createTopic('backups');
    const prepare = (arn: string): Promise<void> => sqs.subscribe(topic, arn);
    const queue = { envelope: { type: 'sns', topics: [topic], verify: false } } as const;
    expect(await handled({ client: { topic, queue: undefined }, queue, prepare })).toEqual(BOTH);
  });
});
