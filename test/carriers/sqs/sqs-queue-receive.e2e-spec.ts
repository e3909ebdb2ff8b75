import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../../lib/queue/clock.js';
import type { Queue } from '../../../lib/queue/queue.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { openFake, startFake } from './open-fake.js';

const now = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

function message(at: number, body = `body ${at}`): Record<string, unknown> {
  return {
    MessageId: `m${at}`,
    ReceiptHandle: `r${at}`,
    Body: body,
    MD5OfBody: createHash('md5').update(body).digest('hex'),
    Attributes: { ApproximateReceiveCount: '3', SentTimestamp: '1700000000000', MessageGroupId: 'g' },
  };
}

describe('receiving from SQS', () => {
  let server: SqsFake;
  let queue: Queue;
  beforeAll(async () => {
    server = await startFake();
    queue = await openFake(server);
  });
  afterAll(async () => {
    await queue.close();
    await server.stop();
  });

  it('requests the given limits and all attributes', async () => {
    server.on('ReceiveMessage', { json: {} });
    const arrival = server.log.arrival('ReceiveMessage');
    expect(await queue.receive({ max: 7, waitSeconds: 2, visibilityTimeoutSeconds: 45 })).toEqual([]);
    expect((await arrival).body).toEqual({
      QueueUrl: 'http://sqs.invalid/1/q',
      MaxNumberOfMessages: 7,
      WaitTimeSeconds: 2,
      VisibilityTimeout: 45,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: [
        'ApproximateReceiveCount',
        'SentTimestamp',
        'MessageGroupId',
        'MessageDeduplicationId',
        'AWSTraceHeader',
        'DeadLetterQueueSourceArn',
      ],
      AttributeNames: [
        'ApproximateReceiveCount',
        'SentTimestamp',
        'MessageGroupId',
        'MessageDeduplicationId',
        'AWSTraceHeader',
      ],
    });
  });

  it('reads every field of a message', async () => {
    server.on('ReceiveMessage', { json: { Messages: [message(1)] } });
    const [received] = await queue.receive(now);
    expect(received).toMatchObject({
      id: 'm1',
      body: 'body 1',
      groupId: 'g',
      receiveCount: 3,
      sentAt: 1_700_000_000_000,
      receipt: 'r1',
      raw: { MessageId: 'm1' },
    });
    expect(received?.defect).toBeUndefined();
    expect(Math.abs(Date.now() - (received?.receivedAt ?? 0))).toBeLessThan(5000);
  });

  it('timestamps a lease by the monotonic clock, not by the wall clock', async () => {
    server.on('ReceiveMessage', { json: { Messages: [message(1)] } });
    const set = jest.spyOn(Date, 'now').mockReturnValue(0);
    const before = systemClock.now();
    try {
      const [received] = await queue.receive(now);
      expect(received!.receivedAt).toBeGreaterThanOrEqual(before);
      expect(received!.receivedAt).toBeLessThanOrEqual(systemClock.now());
    } finally {
      set.mockRestore();
    }
  });

  it('reads text and number attributes and leaves binary attributes in the raw message', async () => {
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'a' },
      custom: { DataType: 'String.uuid', StringValue: 'b' },
      size: { DataType: 'Number', StringValue: '12' },
      bytes: { DataType: 'Binary', BinaryValue: 'AQI=' },
      odd: { DataType: 'Stringent', StringValue: 'x' },
    };
    server.on('ReceiveMessage', { json: { Messages: [{ ...message(1), MessageAttributes }] } });
    const [received] = await queue.receive(now);
    expect({ ...received?.attributes }).toEqual({ text: 'a', custom: 'b', size: '12' });
    expect(Object.getPrototypeOf(received?.attributes)).toBeNull();
    expect(
      (received?.raw as { MessageAttributes: { bytes: { BinaryValue: Uint8Array } } }).MessageAttributes.bytes
        .BinaryValue,
    ).toEqual(Uint8Array.of(1, 2));
  });

  it('marks only the message whose body changed on the way as defective', async () => {
    const Messages = Array.from({ length: 10 }, (_, at) => message(at));
    Messages[4] = { ...Messages[4], Body: 'flipped' };
    server.on('ReceiveMessage', { json: { Messages } });
    const received = await queue.receive(now);
    expect(received.map(({ defect }) => defect?.reason)).toEqual(
      received.map((_, at) => (at === 4 ? 'md5-mismatch' : undefined)),
    );
    expect(received.map(({ receipt }) => receipt)).toEqual(Messages.map((_, at) => `r${at}`));
  });

  it('detects an attribute that changed on the way', async () => {
    // The digest SQS gives for the one attribute k = "v" of type String.
    const field = (text: string): Buffer => Buffer.concat([Buffer.of(0, 0, 0, text.length), Buffer.from(text)]);
    const MD5OfMessageAttributes = createHash('md5')
      .update(Buffer.concat([field('k'), field('String'), Buffer.of(1), field('v')]))
      .digest('hex');
    const withValue = (StringValue: string): object => ({
      ...message(1),
      MD5OfMessageAttributes,
      MessageAttributes: { k: { DataType: 'String', StringValue } },
    });
    server.on('ReceiveMessage', { json: { Messages: [withValue('v'), withValue('w')] } });
    const received = await queue.receive(now);
    expect(received.map(({ defect }) => defect?.reason)).toEqual([undefined, 'md5-mismatch']);
  });

  it('accepts a message without a digest', async () => {
    server.on('ReceiveMessage', { json: { Messages: [{ ...message(1), MD5OfBody: undefined }] } });
    expect((await queue.receive(now))[0]?.defect).toBeUndefined();
  });

  it.each(['', 'null', '[1]', '{"Messages":"x"}', '{"Messages":[null]}'])(
    'reads the answer %j as no messages',
    async (text) => {
      server.on('ReceiveMessage', { text, status: 200 });
      expect(await queue.receive(now)).toEqual([]);
    },
  );

  it('sends no attempt id to a standard queue', async () => {
    server.on('ReceiveMessage', { json: {} });
    const arrival = server.log.arrival('ReceiveMessage');
    await queue.receive(now);
    expect((await arrival).body.ReceiveRequestAttemptId).toBeUndefined();
  });
});
