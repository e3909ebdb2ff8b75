import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deadLetter } from '../../../lib/consume/dead-letter.js';
import { messageBytes } from '../../../lib/queue/wire-message.js';
import type { Queue } from '../../../lib/queue/queue.js';
import type { ReceivedMessage, WireMessage } from '../../../lib/queue/wire-message.js';
import { resolveSnsEnvelope } from '../../../lib/carriers/sqs/sns/sns-envelope-options.js';
import { withSnsEnvelope } from '../../../lib/carriers/sqs/sns/with-sns-envelope.js';
import type { AttributeValue } from '../../fakes/sqs/model.js';
import { openQueue, receiveNow } from '../../fakes/sqs/open-queue.js';
import { draftBytes } from '../../fakes/sqs/send-rules.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { Bench } from './extended/harness.js';
import { fields, TOPIC } from './sns/envelopes.js';

const LIMIT = 1_048_576;
const TYPES = ['String', 'Number', `String.${'ä'.repeat(100)}`, 'Number.int', 'Binary', `Binary.${'x'.repeat(200)}`];

/** A value of each type. */
const ATTRIBUTES: Record<string, AttributeValue> = Object.fromEntries(
  TYPES.map((DataType, at) => [
    `name${at}`,
    DataType.startsWith('Binary') ? { DataType, BinaryValue: Buffer.alloc(at, 1) } : { DataType, StringValue: `${at}` },
  ]),
);

let fake: SqsFake;
let queue: Queue;
let dead: Queue;
beforeEach(async () => {
  fake = await startSqsFake();
  for (const name of ['q', 'dead']) fake.createQueue(name);
  queue = await openQueue(fake, 'q');
  dead = await openQueue(fake, 'dead');
});
afterEach(async () => {
  await queue.close();
  await dead.close();
  await fake.stop();
});

async function received(body: string, attributes: Record<string, AttributeValue>, from = queue) {
  fake.send('q', { body, attributes });
  const [message] = await receiveNow(from);
  return message!;
}

/** As it came, without a word of ours. */
function copyOf(message: ReceivedMessage): WireMessage {
  const { body, attributes } = message.copy ?? message;
  return { body, attributes, original: message };
}

/** Returns the bytes that the fake counts for the only message of the dead-letter queue. */
function storedBytes(): number {
  const stored = fake.messages('dead');
  expect(stored).toHaveLength(1);
  return draftBytes(stored[0]!);
}

describe('the bytes of a copy of a message', () => {
  it('counts the bytes that SQS stores for a copy, whatever its attribute types', async () => {
    const copy = copyOf(await received('body', ATTRIBUTES));
    expect(await dead.send([copy])).toMatchObject([{ ok: true }]);
    expect(messageBytes(copy)).toBe(storedBytes());
    expect(fake.messages('dead')[0]!.attributes).toEqual(ATTRIBUTES);
  });

  it('counts the whole envelope for a copy of a message in an SNS envelope', async () => {
    const envelope = resolveSnsEnvelope('q', { type: 'sns', topics: [TOPIC], verify: false });
    const MessageAttributes = { published: { Type: 'Binary', Value: 'AAE=' } };
    const body = JSON.stringify(fields({ MessageAttributes }));
    const message = await received(body, ATTRIBUTES, withSnsEnvelope(queue, envelope));
    expect(message).toMatchObject({ otherAttributes: 1, copy: { otherAttributes: 2 } });
    const copy = copyOf(message);
    expect(await dead.send([copy])).toMatchObject([{ ok: true }]);
    expect(messageBytes(copy)).toBe(storedBytes());
  });

  it('counts the pointer for a copy of a message whose body is in S3', async () => {
    const bench = new Bench();
    bench.store.bodies.set('own k', 'the body');
    const pointer = '["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"own","s3Key":"k"}]';
    const ExtendedPayloadSize = { DataType: 'Number', StringValue: '8' };
    const message = await received(pointer, { ...ATTRIBUTES, ExtendedPayloadSize }, bench.over(queue));
    expect(message.body).toBe('the body');
    const copy = copyOf(message);
    expect(await bench.over(dead).send([copy])).toMatchObject([{ ok: true }]);
    expect(messageBytes(copy)).toBe(storedBytes());
  });

  it.each(['Binary', `String.${'x'.repeat(200)}`])(
    'sends a copy without its note when a value of type %s fills the message',
    async (DataType) => {
      const fill = LIMIT - 'body'.length - 'b'.length - DataType.length;
      const value = DataType === 'Binary' ? { BinaryValue: Buffer.alloc(fill, 1) } : { StringValue: 'x'.repeat(fill) };
      const message = await received('body', { b: { DataType, ...value } });
      const copy = deadLetter(message, { type: 'reject', reason: 'truncated' }, queue, dead);
      expect(await dead.send([copy])).toMatchObject([{ ok: true }]);
      expect(storedBytes()).toBe(LIMIT);
    },
  );

  it('stores the body of a copy in S3 when the copy exceeds the message limit', async () => {
    const bench = new Bench({ threshold: 0 });
    const message = await received('x'.repeat(LIMIT - 1_000), {
      b: { DataType: 'Binary', BinaryValue: Buffer.alloc(990) },
    });
    const again = { body: message.body, attributes: { a: 'x'.repeat(100) }, original: message };
    expect(await bench.over(dead).send([again])).toMatchObject([{ ok: true }]);
    expect(bench.store.bodies.size).toBe(1);
    expect(storedBytes()).toBeLessThan(2_000);
  });
});
