import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, type CustomStrategy, EventPattern, Payload } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ClientSqsThrift,
  type ClientSqsThriftOptions,
  ServerSqsThrift,
  type ServerSqsThriftOptions,
  type SqsThriftContext,
  SqsThriftRecordBuilder,
} from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { DEAD_LETTER_ATTRIBUTE, openSqsQueue } from 'nestjs-sqs-thrift/port';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater } from './harness.js';

const schema = loadSchemaFromText(
  `
  service News {
    oneway void post(1: i32 id),
    oneway void print(1: i32 id) (sqs.queue = "printer"),
  }
  service Printing { oneway void print(1: i32 id) } (sqs.queue = "printer")
  service Later { oneway void post(1: i32 id) (sqs.delay = "5") }
  `,
  { fileName: 'news.thrift' },
);
const [News, Printing, Later] = ['News', 'Printing', 'Later'].map((name) => findService(schema, name)) as [
  ReturnType<typeof findService>,
  ReturnType<typeof findService>,
  ReturnType<typeof findService>,
];

let sqs: EmbeddedSqs;
let topic: string;
const access = () => ({ endpoint: sqs.endpoint, region: sqs.region, credentials: sqs.credentials });
const envelope = () => ({ type: 'sns', topics: [topic], verify: false }) as const;
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
  topic = await sqs.createTopic('news');
  for (const name of ['raw', 'wrapped']) {
    const { arn } = await sqs.createQueue(name);
    await sqs.subscribe(topic, arn, { raw: name === 'raw' });
  }
  for (const name of ['printer', 'dead']) await sqs.createQueue(name);
});
afterAll(() => sqs.stop());
afterEach(closeAll);

const client = (options: Partial<ClientSqsThriftOptions> = {}) =>
  closeLater(new ClientSqsThrift({ ...access(), service: News, topic, ...options }));

interface Seen {
  readonly id: number;
  readonly tenant: string | undefined;
}

/** A worker on a queue; `until(n)` waits for n settlements and tells what was handled. */
async function startWorker(queue: string, options: Partial<ServerSqsThriftOptions> = {}) {
  const seen: Seen[] = [];
  @Controller()
  class NewsController {
    @EventPattern<string>('post')
    post(@Payload() { id }: { id: number }, @Ctx() context: SqsThriftContext): void {
      seen.push({ id, tenant: context.getAttributes()['tenant'] });
    }
  }
  @Module({ controllers: [NewsController] })
  class NewsModule {}
  let settled = 0;
  const waiting: (() => void)[] = [];
  const strategy = new ServerSqsThrift({ ...access(), queue, service: News, waitTimeSeconds: 0, ...options });
  strategy.on('settled', () => {
    settled += 1;
    for (const wake of waiting.splice(0)) wake();
  });
  const app = closeLater(await NestFactory.createMicroservice<CustomStrategy>(NewsModule, { strategy, logger: false }));
  await app.listen();
  return async (count: number): Promise<Seen[]> => {
    while (settled < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return seen.sort((a, b) => a.id - b.id);
  };
}

describe('a client with a topic', () => {
  it('delivers every call to every subscribed worker, raw or in an envelope', async () => {
    const raw = await startWorker('raw');
    const wrapped = await startWorker('wrapped', { envelope: envelope() });
    const emitter = client();
    const ids = Array.from({ length: 25 }, (_, id) => id);
    const emitted = ids.map((id) => {
      const record = new SqsThriftRecordBuilder({ id }).setAttributes({ tenant: `tenant ${id}` }).build();
      return lastValueFrom(emitter.emit<string>('post', record));
    });
    expect(new Set(await Promise.all(emitted)).size).toBe(25);
    const all = ids.map((id) => ({ id, tenant: `tenant ${id}` }));
    expect(await raw(25)).toEqual(all);
    expect(await wrapped(25)).toEqual(all);
  });

  it('packs the calls of a topic into shared bodies', async () => {
    const raw = await startWorker('raw');
    const wrapped = await startWorker('wrapped', { envelope: envelope() });
    const emitter = client({ pack: { lingerMs: 5 } });
    const emitted = Array.from({ length: 20 }, (_, id) => lastValueFrom(emitter.emit<string>('post', { id })));
    const messages = new Set(await Promise.all(emitted)).size;
    expect(messages).toBeLessThan(20);
    expect(await raw(messages)).toHaveLength(20);
    expect(await wrapped(messages)).toHaveLength(20);
  });

  it('sends a call to the queue that the contract names instead of the topic', async () => {
    await lastValueFrom(client().emit('print', { id: 1 }));
    const queue = closeLater(await openSqsQueue({ ...access(), queue: 'printer' }));
    const options = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };
    expect(await queue.receive(options)).toHaveLength(1);
    for (const name of ['raw', 'wrapped']) {
      const other = closeLater(await openSqsQueue({ ...access(), queue: name }));
      expect(await other.receive(options)).toEqual([]);
    }
  });

  it('publishes to the topic with its own topicClient options', async () => {
    const { endpoint, credentials } = access();
    const options = { service: News, topic, topicClient: { endpoint, credentials } };
    const emitter = closeLater(new ClientSqsThrift(options));
    expect(await lastValueFrom(emitter.emit<string>('post', { id: 1 }))).toMatch(/^[0-9a-f-]{36}$/);
    for (const name of ['raw', 'wrapped']) {
      const queue = closeLater(await openSqsQueue({ ...access(), queue: name }));
      const messages = await queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
      expect(messages).toHaveLength(1);
      await queue.acknowledge(messages);
    }
  });

  it('takes the limit of receives beside a topic, which receives nothing', async () => {
    const timeouts = { openMs: 4_000, receiveExtraMs: 1_000 };
    await expect(lastValueFrom(client({ timeouts }).emit('post', { id: 3 }))).resolves.toMatch(/./);
    expect(() => client({ timeouts: { openMS: 1 } as never })).toThrow('unknown option timeouts.openMS');
  });

  it('refuses a call with a delay on a topic', async () => {
    const emitter = client();
    emitter.on('emit-failed', () => undefined);
    await emitter.connect();
    const record = new SqsThriftRecordBuilder({ id: 1 }).setDelay(5).build();
    await expect(lastValueFrom(emitter.emit('post', record))).rejects.toMatchObject({
      code: 'delay-refused',
      message:
        'post: news takes no delay for a call. Leave out the delay, and sqs.delay in the IDL. For SQS, set DelaySeconds on the queue, or on the queues behind the topic.',
    });
  });

  it.each([
    ['a queue beside the topic', { queue: 'raw' }, /^options queue and topic exclude each other/],
    ['no use for the topic', { service: Printing }, /^option topic would never be used: every method names its queue/],
    [
      'a delay in the IDL',
      { service: Later },
      /^option topic: Later\.post has a delay in its IDL, and a topic takes no delay\./,
    ],
    [
      'large payloads',
      { service: Later, largePayloads: { bucket: 'large' } },
      /^option largePayloads is for queues and would never be used/,
    ],
    ['the name of a topic', { topic: 'news' }, /the option "topic" must be the ARN of a topic/],
    [
      'a client for queues only',
      { service: Later, client: {} },
      /^option client is for queues and would never be used/,
    ],
    [
      'a client for no topic',
      { topic: undefined, queue: 'raw', topicClient: {} },
      /^option topicClient would never be used/,
    ],
    ['neither topic nor queue', { topic: undefined }, /^option queue is missing: News\.post names no queue/],
  ])('refuses the options of a topic client with %s', (_, options, text) => {
    expect(() => client(options)).toThrow(text);
  });
});

describe('a worker that takes envelopes', () => {
  it('dead-letters a message without an envelope and a malformed call inside an envelope', async () => {
    const until = await startWorker('wrapped', {
      envelope: envelope(),
      poisonPolicy: 'dead-letter',
      deadLetterQueue: 'dead',
    });
    const source = closeLater(await openSqsQueue({ ...access(), queue: 'wrapped' }));
    const bad = JSON.stringify({ Type: 'Notification', TopicArn: topic, Message: 'no thrift' });
    await source.send([{ body: 'AAAA', attributes: { tenant: 'acme' } }, { body: bad }]);
    await until(2);
    const dead = closeLater(await openSqsQueue({ ...access(), queue: 'dead' }));
    const letters = await dead.receive({ max: 10, waitSeconds: 1, visibilityTimeoutSeconds: 30 });
    const noted = letters.map(({ body, attributes }) => {
      const { reason } = JSON.parse(attributes[DEAD_LETTER_ATTRIBUTE]!) as { reason: string };
      return [reason, body, attributes['tenant']];
    });
    expect(noted.sort()).toEqual([
      ['bad-envelope', 'AAAA', 'acme'],
      ['not-base64', bad, undefined],
    ]);
  });
});
