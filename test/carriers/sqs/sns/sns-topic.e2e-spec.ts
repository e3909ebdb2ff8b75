import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Queue, MessageSender } from '../../../../lib/queue/queue.js';
import type { ReceivedMessage } from '../../../../lib/queue/wire-message.js';
import { checkMessage } from '../../../../lib/publish/wire-check.js';
import { openSqsQueue } from '../../../../lib/carriers/sqs/open-sqs-queue.js';
import { openSnsTopic } from '../../../../lib/carriers/sqs/sns/open-sns-topic.js';
import { startEmbeddedSqs, type EmbeddedSqs } from '../../../../lib/testing.js';
import { failed, type SnsFake, startSnsFake, stored } from '../../../fakes/sns/sns-fake.js';
import { credentials } from '../open-fake.js';
import { TOPIC } from './envelopes.js';

/** All messages of a queue that are there. */
async function receiveAll(queue: Queue): Promise<ReceivedMessage[]> {
  const all: ReceivedMessage[] = [];
  for (;;) {
    const messages = await queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    if (messages.length === 0) return all;
    await queue.acknowledge(messages);
    all.push(...messages);
  }
}

describe('publishing to a topic of the embedded server', () => {
  let sqs: EmbeddedSqs;
  const access = () => ({ endpoint: sqs.endpoint, credentials });
  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
  });
  afterAll(() => sqs.stop());

  it('delivers every message with its attributes to every subscribed queue', async () => {
    const topic = await sqs.createTopic('uploads');
    const queues = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => {
        const { arn } = await sqs.createQueue(name);
        await sqs.subscribe(topic, arn, { raw: name !== 'd' });
        const envelope = name === 'd' ? ({ type: 'sns', topics: [topic], verify: false } as const) : undefined;
        return openSqsQueue({ queue: arn, ...access(), envelope });
      }),
    );
    const port = await openSnsTopic({ topic, ...access() });
    const messages = Array.from({ length: 10 }, (_, n) => ({
      body: `body ${n}`,
      attributes: { n: String(n), to: 'all' },
    }));
    const outcomes = await port.send(messages);
    expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.id)).size).toBe(10);
    for (const queue of queues) {
      const received = (await receiveAll(queue)).map(({ body, attributes }) => ({
        body,
        attributes: { ...attributes },
      }));
      expect(received.sort((a, b) => a.body.toString().localeCompare(b.body.toString()))).toEqual(messages);
      await queue.close();
    }
    await port.close();
  });

  it('keeps message groups and deduplicates on a FIFO topic', async () => {
    const topic = await sqs.createTopic('uploads.fifo');
    const { arn } = await sqs.createQueue('uploads.fifo');
    await sqs.subscribe(topic, arn, { raw: true });
    const port = await openSnsTopic({ topic, ...access() });
    const send = (body: string) => port.send([{ body, groupId: 'g', deduplicationId: body }]);
    for (const body of ['1', '2', '2', '3']) expect(await send(body)).toMatchObject([{ ok: true }]);
    const queue = await openSqsQueue({ queue: arn, ...access() });
    expect((await receiveAll(queue)).map(({ body, groupId }) => [body, groupId])).toEqual([
      ['1', 'g'],
      ['2', 'g'],
      ['3', 'g'],
    ]);
    await queue.close();
    await port.close();
  });

  it('the embedded server refuses a topic that does not exist', async () => {
    const missing = `arn:aws:sns:${sqs.region}:000000000000:nobody`;
    await expect(sqs.subscribe(missing, 'arn:aws:sqs:us-east-1:000000000000:a')).rejects.toThrow(
      `The embedded SQS did not subscribe arn:aws:sqs:us-east-1:000000000000:a to ${missing}: Topic does not exist`,
    );
    await expect(openSnsTopic({ topic: missing, ...access() })).rejects.toMatchObject({ kind: 'missing-queue' });
  });
});

describe('answers of a topic', () => {
  let server: SnsFake;
  let topic: MessageSender;
  beforeAll(async () => {
    server = await startSnsFake();
    topic = await openSnsTopic({
      topic: TOPIC,
      endpoint: server.endpoint,
      // One attempt: the SDK's pause after throttling would be cut by a deadline that only silence is to reach.
      client: { maxAttempts: 1, credentials },
      timeouts: { requestMs: 1000 },
    });
  });
  afterAll(async () => {
    await topic.close();
    await server.stop();
  });
  const answer = (successful: string, failures = ''): void =>
    server.on('PublishBatch', { result: `<Successful>${successful}</Successful><Failed>${failures}</Failed>` });

  it('publishes every field of a message, with positions as entry ids', async () => {
    answer(stored(0));
    await topic.send([{ body: 'a', attributes: { k: 'v' }, groupId: 'g', deduplicationId: 'd' }]);
    const { Action, Version, ...request } = server.requests.at(-1)!;
    const entry = 'PublishBatchRequestEntries.member.1';
    expect([Action, Version]).toEqual(['PublishBatch', '2010-03-31']);
    expect(request).toEqual({
      TopicArn: TOPIC,
      [`${entry}.Id`]: '0',
      [`${entry}.Message`]: 'a',
      [`${entry}.MessageAttributes.entry.1.Name`]: 'k',
      [`${entry}.MessageAttributes.entry.1.Value.DataType`]: 'String',
      [`${entry}.MessageAttributes.entry.1.Value.StringValue`]: 'v',
      [`${entry}.MessageGroupId`]: 'g',
      [`${entry}.MessageDeduplicationId`]: 'd',
    });
  });

  it('reports the outcome of each published entry', async () => {
    answer(stored(0), failed(1, 'InvalidParameter', true) + failed(2, 'InternalError', false) + failed(3, 'Odd', true));
    const bodies = ['a', 'b', 'c', 'd', 'e'].map((body) => ({ body }));
    const outcomes = await topic.send([
      ...bodies,
      { body: '' },
      { body: 'x', delaySeconds: 1 },
      { body: Buffer.of(1) },
    ]);
    expect(outcomes).toMatchObject([
      { ok: true, id: 'm0' },
      { ok: false, error: { code: 'InvalidParameter', kind: 'invalid', retryable: false } },
      { ok: false, error: { code: 'InternalError', kind: 'service', retryable: true } },
      { ok: false, error: { code: 'Odd', kind: 'invalid', retryable: false } },
      { ok: false, error: { code: 'NoAnswerForEntry', kind: 'service', retryable: true } },
      { ok: false, error: { code: 'InvalidMessageContents', kind: 'invalid' } },
      { ok: false, error: { code: 'InvalidParameter', message: expect.stringContaining('accepts no delay') } },
      { ok: false, error: { code: 'InvalidMessageContents', kind: 'invalid' } },
    ]);
    expect(Object.keys(server.requests.at(-1)!).filter((name) => name.endsWith('.Id'))).toHaveLength(5);
  });

  it('fails an entry whose answer has no message id', async () => {
    answer('<member><Id>0</Id></member>');
    expect(await topic.send([{ body: 'a' }])).toMatchObject([
      { ok: false, error: { code: 'BadMessageId', retryable: false } },
    ]);
  });

  it.each([
    ['denied', { error: 'AuthorizationError', status: 403 }, 'PublishBatch is not allowed on %. Grant sns:Publish.'],
    ['denied', { error: 'KMSAccessDenied', status: 400 }, 'the KMS key of % cannot be used.'],
    ['missing-queue', { error: 'NotFound', status: 404 }, 'there is no %. Create it'],
    ['throttled', { error: 'Throttled', status: 429 }, '% throttled the requests.'],
    ['throttled', { error: 'KMSThrottling', status: 400 }, '% throttled the requests.'],
    ['invalid', { error: 'InvalidParameter', status: 400 }, '% refused PublishBatch.'],
    ['too-large', { error: 'BatchRequestTooLong', status: 400 }, '% refused PublishBatch as too large.'],
    ['service', { error: 'InternalError', status: 500 }, 'PublishBatch failed inside the service of %.'],
    ['network', 'hang', '% did not answer PublishBatch within 1000 ms.'],
  ] as const)('reports a failed publish as %s', async (kind, reply, text) => {
    server.on('PublishBatch', reply);
    const error = (await topic.send([{ body: 'a' }]).catch((thrown: Error) => thrown)) as Error;
    expect(error).toMatchObject({ name: 'QueueError', kind, queue: 'backups' });
    const place = `topic "backups" (region eu-west-1, endpoint ${server.endpoint})`;
    expect(error.message.replace(place, '%')).toContain(text);
  });

  it.each([
    [0, 'EmptyBatchRequest'],
    [11, 'TooManyEntriesInBatchRequest'],
  ])('refuses to publish %i messages without a request', async (count, code) => {
    const before = server.requests.length;
    await expect(topic.send(Array(count).fill({ body: 'x' }))).rejects.toMatchObject({ code, kind: 'invalid' });
    expect(server.requests.length).toBe(before);
  });

  it('publishes again with new keys after the old keys are refused', async () => {
    let current = 'v1';
    const provider = async () => ({ accessKeyId: current, secretAccessKey: 'secret' });
    const port = await openSnsTopic({ topic: TOPIC, endpoint: server.endpoint, credentials: provider });
    let refused = 0;
    server.on('PublishBatch', () => {
      if (current === 'v2') return { result: `<Successful>${stored(0)}</Successful>` };
      refused += 1;
      current = 'v2';
      return { error: 'ExpiredToken', status: 403 };
    });
    expect(await port.send([{ body: 'x' }])).toEqual([{ ok: true, id: 'm0' }]);
    expect(refused).toBe(1);
    await port.close();
  });

  it('refuses a call with a delay and a call that exceeds the topic limit', () => {
    const check =
      (message: object, bytes = 1) =>
      () =>
        checkMessage({ body: 'x'.repeat(bytes), ...message }, topic, 'run');
    expect(check({ delaySeconds: 5 })).toThrow(
      'run: backups takes no delay for a call. Leave out the delay, and sqs.delay in the IDL. For SQS, set DelaySeconds on the queue, or on the queues behind the topic.',
    );
    expect(check({}, 262_144)).not.toThrow();
    expect(check({}, 262_145)).toThrow('run takes 262145 bytes with its attributes, and backups accepts 262144');
  });
});
