import { afterEach, describe, expect, it } from '@jest/globals';
import * as s3 from '@aws-sdk/client-s3';
import { createS3PayloadStore, type PayloadStore } from '#lib/carriers/sqs/extended/payload-store.js';
import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import { QueueAdmin } from '#lib/carriers/sqs/queue-admin.js';
import { openSnsTopic } from '#lib/carriers/sqs/sns/open-sns-topic.js';
import type { Queue } from '#lib/queue/queue.js';
import type { QueueError } from '#lib/queue/queue-error.js';
import { type EndlessAnswer, type EndlessServer, startEndlessServer } from '../../fakes/endless-server.js';
import { credentials, delivery } from './open-fake.js';
import { TOPIC } from './sns/envelopes.js';

const MiB = 1_048_576;
/** Bytes that the buffers of both ends may hold, beyond what was read. */
const BUFFERED = 16 * MiB;
const region = 'eu-west-1';

let server: EndlessServer;
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  await server.close();
});

const QUEUE = { QueueUrl: 'http://sqs.invalid/1/q', Attributes: { QueueArn: 'arn:aws:sqs:eu-west-1:000000000001:q' } };

/** Starts a server with a queue, whose answers to one action never end. */
async function endlessAt(action: string, status: number): Promise<string> {
  server = await startEndlessServer((request): EndlessAnswer => {
    return request.startsWith(action) ? { endless: status } : { json: QUEUE };
  });
  return server.endpoint;
}

function closeLater<T extends { close(): unknown }>(each: T): T {
  opened.push(each);
  return each;
}

/** The failure of a request, once the server has lost its client. */
async function failureOf(request: Promise<unknown>): Promise<QueueError> {
  const error = await request.then(
    () => new Error('nothing failed'),
    (failure: Error) => failure,
  );
  await server.left;
  return error as QueueError;
}

function expectTooLarge(error: QueueError, operation: string, maxBytes: number): void {
  expect(error).toMatchObject({ name: 'QueueError', code: 'AnswerTooLarge', kind: 'network', retryable: true });
  expect(error.message).toContain(
    ` to ${operation} has more than ${maxBytes} bytes, and was not read further. Check the endpoint`,
  );
  // No more than two attempts, neither of which has read on.
  expect(server.written).toBeLessThan(2 * maxBytes + 2 * BUFFERED);
}

const message = delivery('r');
const verbs: [operation: string, maxBytes: number, run: (queue: Queue) => Promise<unknown>][] = [
  ['SendMessageBatch', MiB, (queue) => queue.send([{ body: 'x' }])],
  ['DeleteMessageBatch', MiB, (queue) => queue.acknowledge([message])],
  ['ChangeMessageVisibilityBatch', MiB, (queue) => queue.extend([{ message, seconds: 1 }])],
  ['ReceiveMessage', 64 * MiB, (queue) => queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 })],
];

describe('an answer without an end', () => {
  const rows = (['lean', 'sdk'] as const).flatMap((dataPath) =>
    verbs.flatMap(([operation, most, run]) => [
      { dataPath, operation, status: 200, maxBytes: most, run },
      ...[400, 500].map((status) => ({ dataPath, operation, status, maxBytes: MiB, run })),
    ]),
  );
  it.each(rows)('is read up to a limit over the data path $dataPath: $operation, $status', async (row) => {
    const { dataPath, operation, status, maxBytes, run } = row;
    const endpoint = await endlessAt(operation, status);
    const queue = closeLater(await openSqsQueue({ queue: 'q', endpoint, region, credentials, dataPath }));
    expectTooLarge(await failureOf(run(queue)), operation, maxBytes);
  });

  it.each(['GetQueueUrl', 'GetQueueAttributes'])('is read up to a limit while a queue opens: %s', async (operation) => {
    const endpoint = await endlessAt(operation, 200);
    const opening = openSqsQueue({ queue: 'q', endpoint, region, credentials });
    expectTooLarge(await failureOf(opening), operation, MiB);
  });

  it.each<[string, (admin: QueueAdmin) => Promise<unknown>]>([
    ['PurgeQueue', (admin) => admin.purge()],
    ['StartMessageMoveTask', (admin) => admin.startMove()],
    ['ListMessageMoveTasks', (admin) => admin.latestMove()],
    ['CancelMessageMoveTask', (admin) => admin.cancelMove('h')],
    ['ListDeadLetterSourceQueues', (admin) => admin.deadLetterSources()],
    ['SendMessageBatch', (admin) => admin.mayDo('SendMessageBatch')],
  ])('is read up to a limit by the tools: %s', async (operation, run) => {
    const endpoint = await endlessAt(operation, 200);
    const admin = closeLater(await QueueAdmin.open({ queue: 'q', endpoint, region, credentials }));
    expectTooLarge(await failureOf(run(admin)), operation, MiB);
  });

  it('is read up to a limit by a client of the application', async () => {
    const endpoint = await endlessAt('SendMessageBatch', 200);
    const { SQSClient } = await import('@aws-sdk/client-sqs');
    const client = new SQSClient({ endpoint, region, credentials });
    const queue = closeLater(await openSqsQueue({ queue: 'q', client }));
    expectTooLarge(await failureOf(queue.send([{ body: 'x' }])), 'SendMessageBatch', MiB);
    client.destroy();
  });

  it('is read up to a limit by topics', async () => {
    const endpoint = await endlessAt('GetTopicAttributes', 200);
    const opening = openSnsTopic({ topic: TOPIC, endpoint, credentials });
    expectTooLarge(await failureOf(opening), 'GetTopicAttributes', MiB);
  });

  it.each<[string, number, string, (store: PayloadStore) => Promise<unknown>]>([
    ['PutObject', 200, ' PUT', (store) => store.put({ bucket: 'b', key: 'k' }, 'x')],
    ['DeleteObject', 200, ' DELETE', (store) => store.delete({ bucket: 'b', key: 'k' })],
    ['GetObject', 403, ' GET', (store) => store.get({ bucket: 'b', key: 'k' }, { ms: 10_000, signals: [] })],
    ['GetObject', 500, ' GET', (store) => store.get({ bucket: 'b', key: 'k' }, { ms: 10_000, signals: [] })],
  ])('is read up to a limit by the store of large bodies: %s, %i', async (operation, status, request, run) => {
    const endpoint = await endlessAt(request, status);
    const client = new s3.S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
    const access = { sdk: s3, client, region, endpoint, close: () => client.destroy() };
    const store = closeLater(createS3PayloadStore(access, { maxBytes: MiB, requestMs: 10_000 }));
    expectTooLarge(await failureOf(run(store)), operation, MiB);
  });
});

describe('the largest answer of SQS', () => {
  // A tab is the shortest character that a message may have and JSON may write in six bytes.
  const body = '\\u0009'.repeat(MiB);
  const messages = Array.from({ length: 10 }, (_, at) => {
    const rest = {
      MessageId: `m${at}`,
      ReceiptHandle: 'r'.repeat(1_024),
      Attributes: { ApproximateReceiveCount: '1' },
    };
    return `{"Body":"${body}",${JSON.stringify(rest).slice(1)}`;
  });

  it.each(['lean', 'sdk'] as const)(
    'is read whole over the data path %s: ten messages of 1 MiB, each character escaped',
    async (dataPath) => {
      server = await startEndlessServer((request) => {
        return request.startsWith('ReceiveMessage')
          ? { text: `{"Messages":[${messages.join(',')}]}` }
          : { json: QUEUE };
      });
      const { endpoint } = server;
      const queue = closeLater(await openSqsQueue({ queue: 'q', endpoint, region, credentials, dataPath }));
      const received = await queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
      expect(received.map(({ id, body: text }) => [id, text.length])).toEqual(
        Array.from({ length: 10 }, (_, at) => [`m${at}`, MiB]),
      );
    },
  );
});
