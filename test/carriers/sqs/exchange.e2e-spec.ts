import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Queue } from '../../../lib/queue/queue.js';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';

const now = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

/** Does something to the result of a request that the server has answered. */
type AfterAnswer = (result: { output: Record<string, unknown> }) => unknown;

const FAILURES: readonly (readonly [what: string, after: AfterAnswer])[] = [
  ['throws an error', () => fail(new Error('no metrics'))],
  ['throws a TypeError', ({ output }) => (output.nothing as { x: unknown }).x],
  ['throws text', () => fail('text')],
  ['throws undefined', () => fail(undefined)],
  [
    'throws as on a platform without MD5',
    () => fail(Object.assign(new Error('unsupported'), { code: 'ERR_OSSL_EVP_UNSUPPORTED' })),
  ],
  ['never ends', () => new Promise(() => undefined)],
];

const VERBS = ['SendMessageBatch', 'ReceiveMessage', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'] as const;

function fail(error: unknown): never {
  throw error;
}

const started: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.close();
});

function later<T>(one: T, close: () => unknown): T {
  started.push({ close });
  return one;
}

/** Opens the queue `q` by a client of the application that has a middleware for one command. */
async function openWith(
  fake: SqsFake,
  command: string,
  after: AfterAnswer,
  step: 'initialize' | 'finalizeRequest' = 'initialize',
): Promise<Queue> {
  const { endpoint, region, credentials } = fake;
  const client = new SQSClient({ region, endpoint, credentials });
  later(client, () => client.destroy());
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context.commandName === `${command}Command`) await after(result as never);
      return result;
    },
    { step: step as 'initialize', name: 'application', priority: 'low' },
  );
  const queue = await openSqsQueue({ queue: 'q', client, timeouts: { requestMs: 400, receiveExtraMs: 400 } });
  return later(queue, () => queue.close());
}

async function startFake(): Promise<SqsFake> {
  const fake = await startSqsFake();
  fake.createQueue('q');
  return later(fake, () => fake.stop());
}

describe('a middleware of the client that fails after SQS has answered', () => {
  it.each(VERBS.flatMap((verb) => FAILURES.map(([what, after]) => [verb, what, after] as const)))(
    'leaves the outcome of %s as SQS answered it: it %s',
    async (verb, _, after) => {
      const fake = await startFake();
      const queue = await openWith(fake, verb, after);
      expect(await queue.send([{ body: 'a' }, { body: 'b' }])).toMatchObject([{ ok: true }, { ok: true }]);
      const messages = await queue.receive(now);
      expect(messages.map(({ body, defect }) => [body, defect])).toEqual([
        ['a', undefined],
        ['b', undefined],
      ]);
      expect(await queue.extend(messages.map((message) => ({ message, seconds: 60 })))).toEqual([OK, OK]);
      expect(await queue.acknowledge(messages)).toEqual([OK, OK]);
      expect(VERBS.map((action) => fake.log.count(action).requests)).toEqual([1, 1, 1, 1]);
      expect(fake.stored('q')).toHaveLength(2);
    },
  );

  it.each([
    ['an error that is final', new Error('no metrics')],
    ['an error that the client repeats requests for', Object.assign(new Error('slow'), { name: 'TimeoutError' })],
  ])('sends nothing twice inside the part of the client that repeats requests: %s', async (_, error) => {
    const fake = await startFake();
    const queue = await openWith(fake, 'SendMessageBatch', () => fail(error), 'finalizeRequest');
    expect(await queue.send([{ body: 'a' }])).toMatchObject([{ ok: true }]);
    expect([fake.stored('q').length, fake.log.count('SendMessageBatch').requests]).toEqual([1, 1]);
  });

  it('still reports the refusals of entries and of requests', async () => {
    const fake = await startFake();
    const queue = await openWith(fake, 'SendMessageBatch', () => fail(new Error('no metrics')));
    fake.faults = () => [
      { kind: 'fail-entries', entries: new Map([[1, { Code: 'InternalError', SenderFault: false }]]) },
    ];
    expect(await queue.send([{ body: 'a' }, { body: 'b' }])).toMatchObject([
      { ok: true },
      { error: { kind: 'service' } },
    ]);
    fake.faults = () => ({ kind: 'error', error: 'AccessDenied', status: 403 });
    await expect(queue.send([{ body: 'c' }])).rejects.toMatchObject({ kind: 'denied' });
  });
});

const OK = { ok: true };
const digest = (text: string): string => createHash('md5').update(text).digest('hex');

describe('an answer that cannot be converted in part', () => {
  it.each([
    ['a code that is a number', { Id: '1', Code: 7 }],
    ['a text that is an object', { Id: '1', Code: 'InternalError', Message: {} }],
    ['no fields', { Id: '1' }],
    ['null fields', { Id: '1', Code: null, Message: null, SenderFault: null }],
  ])('costs no other entry its outcome: %s', async (_, failed) => {
    const fake = await startFake();
    fake.on('SendMessageBatch', { json: { Successful: [{ Id: '0', MessageId: 'm0' }], Failed: [failed] } });
    const queue = await openWith(fake, '', () => undefined);
    expect(await queue.send([{ body: 'a' }, { body: 'b' }])).toMatchObject([
      { ok: true, id: 'm0' },
      { ok: false, error: { kind: 'service', retryable: true } },
    ]);
  });

  it.each([
    ['system attributes that are null', { Attributes: null, MessageAttributes: null }],
    ['system attributes of other types', { Attributes: { SentTimestamp: {}, ApproximateReceiveCount: [] } }],
    ['digests of other types', { MD5OfBody: 7, MD5OfMessageAttributes: {} }],
    ['ids of other types', { MessageId: 7 }],
  ])('costs no other message of a receive: %s', async (_, odd) => {
    const fake = await startFake();
    const good = { MessageId: 'm', ReceiptHandle: 'r0', Body: 'good', MD5OfBody: digest('good') };
    fake.on('ReceiveMessage', { json: { Messages: [{ ...good, ReceiptHandle: 'r1', ...odd }, good] } });
    const queue = await openWith(fake, '', () => undefined);
    const messages = await queue.receive(now);
    expect(messages.map(({ receipt, body, defect }) => [receipt, body, defect])).toEqual([
      ['r1', 'good', undefined],
      ['r0', 'good', undefined],
    ]);
  });

  it('gives a message a fault, and not a defect, when its conversion throws', async () => {
    const fake = await startFake();
    await openWith(fake, '', () => undefined).then((queue) => queue.send([{ body: 'a' }, { body: 'b' }]));
    const queue = await openWith(fake, 'ReceiveMessage', ({ output }) => {
      const [first] = output.Messages as object[];
      Object.defineProperty(first, 'MessageAttributes', { get: () => fail(new Error('no view')) });
    });
    const messages = await queue.receive(now);
    expect(messages.map(({ body, fault, defect }) => [body, fault?.code, defect])).toEqual([
      ['', 'UnreadableMessage', undefined],
      ['b', undefined, undefined],
    ]);
    expect(await queue.release(messages.map((message) => ({ message, seconds: 0, cause: 'failed' })))).toEqual([
      OK,
      OK,
    ]);
  });
});
