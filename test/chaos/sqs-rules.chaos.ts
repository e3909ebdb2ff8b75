import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { checkOrDeviation } from '../contract/run-contract.js';
import { call } from '../fakes/sqs/call.js';
import { deviations, type SqsService, startService } from './kit/service.js';

const MIB = 1_048_576;

let service: SqsService;
let sqs: SQSClient;
let queues = 0;
beforeAll(async () => {
  service = await startService();
  const { endpoint, region, credentials } = service;
  sqs = new SQSClient({ endpoint, region, credentials, maxAttempts: 1 });
});
afterAll(async () => {
  sqs.destroy();
  await service.stop();
});

/** The URL of a new queue. */
async function open(suffix = ''): Promise<string> {
  const Attributes = suffix === '.fifo' ? { FifoQueue: 'true' } : {};
  const command = new CreateQueueCommand({ QueueName: `rules-${(queues += 1)}${suffix}`, Attributes });
  return (await sqs.send(command)).QueueUrl!;
}

/** The messages of one receive, hidden for a second. */
async function receive(QueueUrl: string, more: object = {}): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1, MaxNumberOfMessages: 10, ...more });
  return (await sqs.send(command)).Messages ?? [];
}

/** Receives a message of its own queue and lets the lease end. */
async function outlived(suffix = ''): Promise<{ readonly QueueUrl: string; readonly ReceiptHandle: string }> {
  const QueueUrl = await open(suffix);
  const ids = suffix === '' ? {} : { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', ...ids }));
  const [message] = await receive(QueueUrl);
  await wait(1_500);
  return { QueueUrl, ReceiptHandle: message!.ReceiptHandle! };
}

/** A message of a FIFO queue, received twice by the same attempt. */
async function attempts(): Promise<readonly (readonly Message[])[]> {
  const QueueUrl = await open('.fifo');
  const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', ...ids }));
  const attempt = { VisibilityTimeout: 30, ReceiveRequestAttemptId: 'a' };
  return [await receive(QueueUrl, attempt), await receive(QueueUrl, attempt)];
}

/**
 * Checks the rules on which the tests of this folder rely, and lists other rules that a service
 * breaks.
 */
const RULES: Readonly<Record<string, () => Promise<void>>> = {
  'SQS refuses the name of a deleted queue for 60 s': async () => {
    const QueueUrl = await open();
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    const again = sqs.send(new CreateQueueCommand({ QueueName: QueueUrl.split('/').at(-1) }));
    await expect(again).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
  },
  'a receive ends after the time it waits, though its queue is deleted meanwhile': async () => {
    const QueueUrl = await open();
    const patient = { abortSignal: AbortSignal.timeout(5_000) };
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }), patient);
    const ended = poll.then(
      () => 'empty',
      (error: Error) => error.name,
    );
    await wait(500);
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    expect(['empty', 'QueueDoesNotExist']).toContain(await ended);
  },
  'a standard queue accepts a delete after the lease is over': async () => {
    const { QueueUrl, ReceiptHandle } = await outlived();
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(await receive(QueueUrl)).toEqual([]);
  },
  'a FIFO queue refuses a delete after the lease is over': async () => {
    const { QueueUrl, ReceiptHandle } = await outlived('.fifo');
    await expect(sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))).rejects.toThrow();
    expect(await receive(QueueUrl)).toHaveLength(1);
  },
  'a FIFO queue refuses to renew a lease that is over': async () => {
    const renewal = new ChangeMessageVisibilityCommand({ ...(await outlived('.fifo')), VisibilityTimeout: 30 });
    await expect(sqs.send(renewal)).rejects.toThrow();
  },
  'the same receive attempt returns the same messages': async () => {
    const [first, second] = await attempts();
    expect(second).toMatchObject([{ MessageId: first![0]!.MessageId }]);
  },
  'the same receive attempt returns the same receipt handles': async () => {
    const [first, second] = await attempts();
    expect(second).toMatchObject([{ ReceiptHandle: first![0]!.ReceiptHandle }]);
  },
  'a queue accepts a message of 1 MiB': async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: await open(), MessageBody: 'x'.repeat(MIB) }));
  },
  'a queue reports its maximum message size': async () => {
    const command = new GetQueueAttributesCommand({ QueueUrl: await open(), AttributeNames: ['All'] });
    expect((await sqs.send(command)).Attributes).toHaveProperty('MaximumMessageSize');
  },
  'SQS refuses an empty batch': async () => {
    const command = new SendMessageBatchCommand({ QueueUrl: await open(), Entries: [] });
    await expect(sqs.send(command)).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
  },
  'SQS refuses an entry id with a blank': async () => {
    const Entries = [{ Id: 'a b', MessageBody: 'x' }];
    const command = new SendMessageBatchCommand({ QueueUrl: await open(), Entries });
    await expect(sqs.send(command)).rejects.toMatchObject({ name: 'InvalidBatchEntryId' });
  },
  'SQS refuses an attribute name that begins with AWS.': async () => {
    const MessageAttributes = { 'AWS.trace': { DataType: 'String', StringValue: 'x' } };
    const command = new SendMessageCommand({ QueueUrl: await open(), MessageBody: 'x', MessageAttributes });
    await expect(sqs.send(command)).rejects.toThrow();
  },
  'SQS refuses a second purge within 60 s': async () => {
    const QueueUrl = await open();
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await expect(sqs.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
  },
  'an error carries its Query API code in a header': async () => {
    const { headers } = await call(service, 'SendMessage', { queue: 'nowhere', MessageBody: 'x' });
    expect(headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
  },
};

describe('the rules of SQS', () => {
  for (const [rule, body] of Object.entries(RULES)) {
    checkOrDeviation(rule, deviations[rule as keyof typeof deviations], body);
  }

  it('every known deviation has a rule', () => {
    expect(Object.keys(RULES)).toEqual(expect.arrayContaining(Object.keys(deviations)));
  });
});
