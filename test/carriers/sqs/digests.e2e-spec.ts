import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SQSClient, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { md5OfAttributes } from '../../../lib/carriers/sqs/message-md5.js';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import type { SqsQueueOptions } from '../../../lib/carriers/sqs/sqs-queue-options.js';
import type { Queue } from '../../../lib/queue/queue.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { openFake, startFake } from './open-fake.js';
import { later } from './stop-later.js';

const now = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };
const digest = (text: string): string => createHash('md5').update(text).digest('hex');
const text = (StringValue: string): object => ({ DataType: 'String', StringValue });
const wrong = digest('something else');

function closeLater(queue: Queue): Queue {
  later({ stop: () => queue.close() });
  return queue;
}

/** Sends a message with an attribute and receives one; the server answers with these digests for body and attributes. */
async function exchanged(body: unknown, attributes: unknown, options: Partial<SqsQueueOptions> = {}) {
  const fake = later(await startFake());
  const stored = { Id: '0', MessageId: 'm', MD5OfMessageBody: body, MD5OfMessageAttributes: attributes };
  const message = { MessageId: 'm', ReceiptHandle: 'r', Body: 'a', MessageAttributes: { k: text('v') } };
  fake.on('SendMessageBatch', { json: { Successful: [stored] } });
  fake.on('ReceiveMessage', {
    json: { Messages: [{ ...message, MD5OfBody: body, MD5OfMessageAttributes: attributes }] },
  });
  const queue = closeLater(await openFake(fake, options));
  const [sent] = await queue.send([{ body: 'a', attributes: { k: 'v' } }]);
  const [received] = await queue.receive(now);
  return [sent!.ok ? 'stored' : sent!.error.code, received!.defect?.reason ?? 'good'];
}

describe('a digest in an answer', () => {
  const right = [digest('a'), md5OfAttributes({ k: { DataType: 'String', StringValue: 'v' } })] as const;

  it.each([undefined, null, '', ' ', '-', '0', 'null', wrong.slice(1), `${wrong}0`, 'g'.repeat(32), 7, {}])(
    'proves nothing if it is %j',
    async (nothing) => {
      expect(await exchanged(nothing, nothing)).toEqual(['stored', 'good']);
    },
  );

  it('proves no change if it is right, in either case', async () => {
    expect(await exchanged(...right)).toEqual(['stored', 'good']);
    expect(await exchanged(right[0].toUpperCase(), right[1].toUpperCase())).toEqual(['stored', 'good']);
  });

  it.each([
    ['of the body', wrong, right[1]],
    ['of the attributes', right[0], wrong],
    ['of the body, alone', wrong, undefined],
    ['of the attributes, alone', '', wrong],
  ])('proves a change if the digest %s is another one', async (_, body, attributes) => {
    expect(await exchanged(body, attributes)).toEqual(['StoredCorrupt', 'md5-mismatch']);
  });

  it.each<[how: string, options: Partial<SqsQueueOptions>]>([
    ['by the option md5', { md5: false }],
    ['by the configuration of the client', { client: { md5: false } }],
  ])('is not checked if the check is switched off %s', async (_, options) => {
    expect(await exchanged(wrong, wrong, options)).toEqual(['stored', 'good']);
  });

  it('is checked if the option switches the check on for a client that has it off', async () => {
    expect(await exchanged(wrong, wrong, { md5: true, client: { md5: false } })).toEqual([
      'StoredCorrupt',
      'md5-mismatch',
    ]);
  });

  it('refuses another value of the option md5', async () => {
    await expect(exchanged('', '', { md5: 'false' as never })).rejects.toThrow('md5 must be true or false');
  });
});

/** Opens the queue `q` of a fake by a client of the application with a middleware. */
async function openWith(fake: SqsFake, adapt: (client: SQSClient) => void, options: Partial<SqsQueueOptions> = {}) {
  const { endpoint, region, credentials } = fake;
  const client = new SQSClient({ region, endpoint, credentials });
  later({ stop: () => client.destroy() });
  adapt(client);
  return closeLater(await openSqsQueue({ queue: 'q', client, ...options }));
}

async function startQueue(): Promise<SqsFake> {
  const fake = later(await startSqsFake());
  fake.createQueue('q');
  return fake;
}

/** Replaces the entries of SendMessageBatch, at a step of the client. */
function replaceEntries(
  client: SQSClient,
  step: 'initialize' | 'serialize' | 'build' | 'finalizeRequest',
  replace: (entry: SendMessageBatchRequestEntry) => object,
): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName !== 'SendMessageBatchCommand') return next(args);
      const input = args.input as { Entries: SendMessageBatchRequestEntry[] };
      const { request } = args as { request?: { body: Uint8Array; headers: Record<string, string> } };
      if (request === undefined)
        return next({ ...args, input: { ...input, Entries: input.Entries.map(replace) } as never });
      const { buffer, byteOffset, byteLength } = request.body;
      const json = JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString()) as typeof input;
      request.body = Buffer.from(JSON.stringify({ ...json, Entries: json.Entries.map(replace) }));
      request.headers['content-length'] = String(request.body.length);
      return next(args);
    },
    // The last step before the signature, so that the request is signed as it is sent.
    { step: step as 'initialize', name: 'application', priority: step === 'serialize' ? 'high' : 'normal' },
  );
}

describe('a middleware of the client that changes messages', () => {
  const traced = (entry: SendMessageBatchRequestEntry): object => ({
    ...entry,
    MessageAttributes: { ...entry.MessageAttributes, traceparent: text('00-1-2-01') },
  });
  const changed = (entry: SendMessageBatchRequestEntry): object => ({
    ...entry,
    MessageBody: `(${entry.MessageBody})`,
  });

  it.each([
    ['initialize', traced],
    ['serialize', traced],
    ['build', traced],
    ['initialize', changed],
    ['serialize', changed],
    ['build', changed],
  ] as const)('is no change on the way: replaced entries at the step %s', async (step, replace) => {
    const fake = await startQueue();
    const queue = await openWith(fake, (client) => replaceEntries(client, step, replace));
    const attributes = { k: 'v' };
    const original = { id: 'o', body: 'x', attributes: {}, receiveCount: 1, receivedAt: 0, receipt: 'r' };
    const bytes = { MessageAttributes: { b: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) } } };
    const messages = [{ body: 'a', attributes }, { body: 'b' }, { body: 'c', original: { ...original, raw: bytes } }];
    expect(await queue.send(messages)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect((await queue.receive(now)).map(({ defect }) => defect)).toEqual([undefined, undefined, undefined]);
    expect(fake.stored('q')).toHaveLength(3);
  });

  it('does not hide a change on the way', async () => {
    const fake = await startQueue();
    fake.on('SendMessageBatch', { json: { Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: wrong }] } });
    const queue = await openWith(fake, (client) => replaceEntries(client, 'initialize', traced));
    expect(await queue.send([{ body: 'a' }])).toMatchObject([{ error: { code: 'StoredCorrupt', retryable: false } }]);
  });

  it.each<[what: string, change: (message: { Body: string; MessageAttributes?: object }) => object]>([
    ['in place', (message) => Object.assign(message, { Body: 'open', MessageAttributes: {} })],
    ['by other objects', (message) => ({ ...message, Body: 'open', MessageAttributes: {} })],
  ])('is no change on the way: opens received messages %s', async (_, change) => {
    const fake = await startQueue();
    fake.faults = ({ action }) =>
      action === 'ReceiveMessage' ? { kind: 'corrupt', what: 'md5', oneIn: 2 } : undefined;
    const queue = await openWith(fake, (client) =>
      client.middlewareStack.add(
        (next, context) => async (args) => {
          const result = await next(args);
          const output = result.output as unknown as { Messages: { Body: string }[] };
          if (context.commandName === 'ReceiveMessageCommand') output.Messages = output.Messages.map(change) as never;
          return result;
        },
        { step: 'initialize', name: 'application' },
      ),
    );
    await queue.send(['a', 'b'].map((body) => ({ body, attributes: { k: 'v' } })));
    const received = await queue.receive(now);
    expect(received.map(({ body, defect }) => [body, defect?.reason])).toEqual([
      ['open', undefined],
      ['open', 'md5-mismatch'],
    ]);
  });

  it('proves nothing about attributes if the receive requests some of them only', async () => {
    const fake = await startQueue();
    const queue = await openWith(fake, (client) =>
      client.middlewareStack.add(
        (next, context) => (args) =>
          next(
            context.commandName === 'ReceiveMessageCommand'
              ? { ...args, input: { ...args.input, MessageAttributeNames: ['a'] } as never }
              : args,
          ),
        { step: 'initialize', name: 'application' },
      ),
    );
    fake.on('ReceiveMessage', {
      json: {
        Messages: [
          {
            MessageId: 'm',
            ReceiptHandle: 'r',
            Body: 'x',
            MessageAttributes: { a: text('1') },
            MD5OfMessageAttributes: wrong,
          },
        ],
      },
    });
    expect((await queue.receive(now)).map(({ defect }) => defect)).toEqual([undefined]);
  });
});
