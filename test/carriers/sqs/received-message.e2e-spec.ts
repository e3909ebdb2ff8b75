import { afterEach, describe, expect, it } from '@jest/globals';
import type { SqsQueueOptions } from '../../../lib/carriers/sqs/sqs-queue-options.js';
import type { ReceivedMessage } from '../../../lib/queue/wire-message.js';
import { call } from '../../fakes/sqs/call.js';
import { openQueue } from '../../fakes/sqs/open-queue.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { openFake, startFake } from './open-fake.js';

const now = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.stop();
});

function later<T extends { stop(): Promise<void> }>(one: T): T {
  started.push(one);
  return one;
}

/** A message as a server writes it, of which some fields are the given JSON. */
function written(at: number, fields: Readonly<Record<string, string>> = {}): string {
  const all = { MessageId: `"m${at}"`, ReceiptHandle: `"r${at}"`, Body: `"body ${at}"`, ...fields };
  return `{${Object.entries(all)
    .map(([name, json]) => `"${name}":${json}`)
    .join()}}`;
}

/** Receives an answer with nine good messages around a tenth message. */
async function received(
  tenth: string,
  server: SqsFake,
  options?: Partial<SqsQueueOptions>,
): Promise<readonly ReceivedMessage[]> {
  const messages = Array.from({ length: 10 }, (_, at) => (at === 4 ? tenth : written(at)));
  server.on('ReceiveMessage', { text: `{"Messages":[${messages.join()}]}`, status: 200 });
  const queue = await openFake(server, options);
  const answer = await queue.receive(now);
  await queue.close();
  return answer;
}

describe('a message with members that are null', () => {
  it('is read as without them', async () => {
    const server = later(await startFake());
    const nulls = { Attributes: 'null', MessageAttributes: 'null', MD5OfBody: 'null', MD5OfMessageAttributes: 'null' };
    const messages = await received(written(4, nulls), server);
    const facts = messages.map(({ body, attributes, receiveCount, defect, fault }) => ({
      body,
      attributes: { ...attributes },
      receiveCount,
      defect,
      fault,
    }));
    expect(facts[4]).toEqual({ ...facts[3], body: 'body 4' });
    expect(facts[4]!.receiveCount).toBe(1);
  });

  it('is empty without a body', async () => {
    const server = later(await startFake());
    const messages = await received(written(4, { Body: 'null' }), server);
    expect(messages[4]).toMatchObject({ body: '', receipt: 'r4' });
    expect([messages[4]!.defect, messages[4]!.fault]).toEqual([undefined, undefined]);
  });
});

describe('an unreadable message', () => {
  it.each<[what: string, fields: Record<string, string>]>([
    ['an attribute that is null', { MessageAttributes: '{"a":null}' }],
    ['an attribute that is text', { MessageAttributes: '{"a":"b"}' }],
    ['an attribute that is a list', { MessageAttributes: '{"a":["b"]}' }],
    ['an attribute without a type', { MessageAttributes: '{"a":{"StringValue":"b"}}' }],
    ['an attribute without a value', { MessageAttributes: '{"a":{"DataType":"String"}}' }],
    ['a type that is a number', { MessageAttributes: '{"a":{"DataType":1,"StringValue":"b"}}' }],
    ['a value that is a number', { MessageAttributes: '{"a":{"DataType":"Number","StringValue":1}}' }],
    ['bytes that are a number', { MessageAttributes: '{"a":{"DataType":"Binary","BinaryValue":1}}' }],
    [
      'text beside bytes that are a number',
      {
        MessageAttributes: '{"a":{"DataType":"Binary","StringValue":"b","BinaryValue":1}}',
        MD5OfMessageAttributes: '"a1d0c6e83f027327d8461063f4ac58a6"',
      },
    ],
    ['attributes that are text', { MessageAttributes: '"abc"' }],
    ['a body that is a number', { Body: '42', MD5OfBody: '"a1d0c6e83f027327d8461063f4ac58a6"' }],
    ['a body that is an object', { Body: '{"a":1}' }],
  ])('marks only the unreadable message as defective: %s', async (_, fields) => {
    const messages = await received(written(4, fields), later(await startFake()));
    expect(messages.map(({ id, receipt }) => [id, receipt])).toEqual(messages.map((_, at) => [`m${at}`, `r${at}`]));
    expect(messages.map(({ defect }) => defect?.reason)).toEqual(
      messages.map((_, at) => (at === 4 ? 'bad-envelope' : undefined)),
    );
    expect(messages.map(({ body }) => typeof body)).toEqual(messages.map(() => 'string'));
  });

  it.each([
    ['sdk', 'bad-envelope', {}],
    ['lean', undefined, { ['__proto__']: 'x' }],
  ] as const)('has an attribute named __proto__, which the SDK loses: %s', async (dataPath, defect, attributes) => {
    const fields = { MessageAttributes: '{"__proto__":{"DataType":"String","StringValue":"x"}}' };
    const messages = await received(written(4, fields), later(await startFake()), { dataPath });
    expect(messages[4]!.defect?.reason).toBe(defect);
    expect(Object.entries(messages[4]!.attributes)).toEqual(Object.entries(attributes));
  });

  it.each(['null', '7', '"text"'])('ignores an answer entry that is %s', async (json) => {
    expect(await received(json, later(await startFake()))).toHaveLength(9);
  });

  it('copies the readable part of an unreadable message', async () => {
    const fake: SqsFake = later(await startSqsFake());
    for (const name of ['q', 'dead']) fake.createQueue(name);
    const MessageAttributes: unknown = JSON.parse(
      '{"__proto__":{"DataType":"String","StringValue":"x"},"b":{"DataType":"Binary","BinaryValue":"AQI="}}',
    );
    await call(fake, 'SendMessage', { queue: 'q', MessageBody: 'strange', MessageAttributes });
    const [queue, dead] = [await openQueue(fake, 'q', { dataPath: 'sdk' }), await openQueue(fake, 'dead')];
    const [message] = await queue.receive(now);
    expect(message).toMatchObject({ defect: { reason: 'bad-envelope' }, otherAttributes: 1 });
    const copy = { body: message!.body, attributes: message!.attributes, original: message! };
    expect(await dead.send([copy])).toMatchObject([{ ok: true }]);
    expect(fake.messages('dead').map(({ body, attributes }) => [body, Object.keys(attributes)])).toEqual([
      ['strange', ['b']],
    ]);
    await queue.close();
    await dead.close();
  });
});
