import { describe, expect, it, jest } from '@jest/globals';
import { deadLetter } from '../../../../lib/consume/dead-letter.js';
import { createMemoryQueue } from '../../../../lib/carriers/memory/memory-queue.js';
import { Bench, failure, LARGE } from './harness.js';

const NEW = 'software.amazon.payloadoffloading.PayloadS3Pointer';
const OLD = 'com.amazon.sqs.javamessaging.MessageS3Pointer';

/** Puts a message into the queue as another library would. */
async function arrives(bench: Bench, body: string, attributes: Record<string, string> = { ExtendedPayloadSize: '4' }) {
  bench.store.bodies.set('own k', 'body');
  await bench.queue.send([{ body, attributes }]);
  return (await bench.receive())[0]!;
}

describe('receiving a message whose body is in S3', () => {
  it.each<[who: string, body: string, attribute: string]>([
    ['Java', `["${NEW}",{"s3BucketName":"own","s3Key":"k"}]`, 'SQSLargePayloadSize'],
    ['Java with the new attribute name', `["${NEW}",{"s3BucketName":"own","s3Key":"k"}]`, 'ExtendedPayloadSize'],
    ['Python', `["${NEW}", {"s3BucketName": "own", "s3Key": "k"}]`, 'ExtendedPayloadSize'],
    ['Python with the legacy format', `["${OLD}", {"s3BucketName": "own", "s3Key": "k"}]`, 'SQSLargePayloadSize'],
    ['Java before version 2', `["${OLD}",{"s3BucketName":"own","s3Key":"k"}]`, 'SQSLargePayloadSize'],
    [
      'a repackaged Java library',
      `["awsv2.repackaged.${NEW}",{"s3BucketName":"own","s3Key":"k"}]`,
      'ExtendedPayloadSize',
    ],
    ['a future library', `["${NEW}",{"s3Key":"k","s3BucketName":"own","s3Region":"x"}]`, 'ExtendedPayloadSize'],
  ])('reads the body behind a pointer of %s', async (_, body, attribute) => {
    const message = await arrives(new Bench(), body, { [attribute]: '4', other: 'o' });
    expect(message).toMatchObject({ body: 'body', receiveCount: 1 });
    expect({ ...message.attributes }).toEqual({ other: 'o' });
    expect(message.defect).toBeUndefined();
  });

  it('delivers a body that only looks like a pointer unchanged', async () => {
    const bench = new Bench();
    const body = `["${NEW}",{"s3BucketName":"own","s3Key":"k"}]`;
    expect(await arrives(bench, body, {})).toMatchObject({ body });
    expect(bench.store.calls).toEqual([]);
  });

  it.each<[what: string, body: string]>([
    ['another bucket', `["${NEW}",{"s3BucketName":"theirs","s3Key":"k"}]`],
    ['a bucket with a path in it', `["${NEW}",{"s3BucketName":"own/../theirs","s3Key":"k"}]`],
    ['no bucket', `["${NEW}",{"s3Key":"k"}]`],
    ['no key', `["${NEW}",{"s3BucketName":"own","s3Key":""}]`],
    ['a key that is no text', `["${NEW}",{"s3BucketName":"own","s3Key":{"toString":1}}]`],
    ['a key of half a character', `["${NEW}",{"s3BucketName":"own","s3Key":"\\ud800"}]`],
    ['a key that is too long', `["${NEW}",{"s3BucketName":"own","s3Key":"${'k'.repeat(1025)}"}]`],
    ...['..', '../theirs/k', 'a/..', 'a/../../theirs/k', '.', './k', 'a/./k', '/', '//', 'a/../..'].map(
      (key): [string, string] => [`the key ${key}`, `["${NEW}",{"s3BucketName":"own","s3Key":"${key}"}]`],
    ),
    ['another class', `["evil.PayloadS3Pointer",{"s3BucketName":"own","s3Key":"k"}]`],
    ['a class name that only ends the same', `["x${NEW}",{"s3BucketName":"own","s3Key":"k"}]`],
    ['three parts', `["${NEW}",{"s3BucketName":"own","s3Key":"k"},1]`],
    ['the form of another library', `[{"@class":"${NEW}","s3BucketName":"own","s3Key":"k"}]`],
    ['null as its content', `["${NEW}",null]`],
    ['an object for the list', `{"0":"${NEW}","1":{"s3BucketName":"own","s3Key":"k"},"length":2}`],
    ['no JSON', 'gAEABA=='],
  ])('rejects a pointer with %s without asking S3', async (_, body) => {
    const bench = new Bench();
    expect(await arrives(bench, body)).toMatchObject({ body, defect: { reason: 'bad-envelope' } });
    expect(bench.store.calls).toEqual([]);
  });

  it.each(['a/b', '/a', 'a/', 'a//b', '...', 'a..b', '.a/b.', '%2e%2e/theirs/k', '?list-type=2'])(
    'asks S3 for the exact key %s',
    async (key) => {
      const bench = new Bench();
      await arrives(bench, `["${NEW}",{"s3BucketName":"own","s3Key":"${key}"}]`);
      expect(bench.store.calls).toEqual([`get own ${key}`]);
    },
  );

  it('reads bodies from the listed buckets and no other bucket', async () => {
    const bench = new Bench({ buckets: ['theirs'] });
    bench.store.bodies.set('theirs k', 'body');
    expect(await arrives(bench, `["${NEW}",{"s3BucketName":"theirs","s3Key":"k"}]`)).toMatchObject({ body: 'body' });
    expect(await arrives(bench, `["${NEW}",{"s3BucketName":"own","s3Key":"k"}]`)).toMatchObject({ body: 'body' });
    expect(await arrives(bench, `["${NEW}",{"s3BucketName":"others","s3Key":"k"}]`)).toHaveProperty('defect');
  });

  it('rejects a message without a body, retries an unreachable body and delivers the rest', async () => {
    const bench = new Bench({ threshold: 0 });
    for (const body of ['a', 'b', 'c']) await bench.large.send([{ body }]);
    const keys = [...bench.store.bodies.keys()];
    bench.store.bodies.delete(keys[0]!);
    const error = failure('denied');
    bench.store.fails = (call) => (call === `get ${keys[1]}` ? error : undefined);
    const messages = await bench.receive();
    expect(messages[0]).toMatchObject({ defect: { reason: 'bad-envelope' } });
    expect(messages[1]).toMatchObject({ fault: error });
    expect(messages[2]).toMatchObject({ body: 'c' });
  });
});

describe('deleting a message whose body is in S3', () => {
  it('deletes the message from SQS before its body from S3', async () => {
    const bench = new Bench();
    await bench.large.send([{ body: LARGE }]);
    const messages = await bench.receive();
    bench.queue.fail('acknowledge', ({ number }) => {
      bench.store.calls.push(`acknowledge ${number}`);
      return number === 1 ? failure('network') : number === 2 ? [failure('network')] : undefined;
    });
    await expect(bench.large.acknowledge(messages)).rejects.toThrow();
    await bench.large.acknowledge(messages);
    expect(bench.store.bodies.size).toBe(1);
    expect(await bench.large.acknowledge(messages)).toEqual([{ ok: true }]);
    await bench.large.close();
    expect(bench.store.calls.map((call) => call.split(' ')[0])).toEqual([
      'put',
      'get',
      'acknowledge',
      'acknowledge',
      'acknowledge',
      'delete',
    ]);
    expect(bench.store.bodies.size).toBe(0);
  });

  it('deletes a message whose body stays in S3 and warns once', async () => {
    const bench = new Bench({ threshold: 0 });
    for (const body of ['a', 'b']) await bench.large.send([{ body }]);
    bench.store.fails = (call) => (call.startsWith('delete') ? failure('denied', 'AccessDenied') : undefined);
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    expect(await bench.large.acknowledge(await bench.receive())).toEqual([{ ok: true }, { ok: true }]);
    await bench.large.close();
    expect(warned.mock.calls).toEqual([
      [expect.stringMatching(/^a large body of memory stays in S3: AccessDenied/), { type: 'LargePayloadWarning' }],
    ]);
    warned.mockRestore();
  });

  it('keeps the body in S3 for a copy in the dead-letter queue', async () => {
    const bench = new Bench();
    const rejected = bench.over(createMemoryQueue({ name: 'rejected' }), { threshold: 0 });
    await bench.large.send([{ body: LARGE, attributes: { a: '1' } }]);
    const [message] = await bench.receive();
    const copy = deadLetter(message!, { type: 'reject', reason: 'handler-rejected' }, bench.large, rejected);
    expect(await rejected.send([copy])).toMatchObject([{ ok: true }]);
    await bench.large.acknowledge([message!]);
    await bench.large.close();
    expect(bench.store.calls.map((call) => call.split(' ')[0])).toEqual(['put', 'get']);
    const [dead] = await bench.receive(rejected);
    expect(dead!.body).toBe(LARGE);
    expect(dead!.attributes).toMatchObject({ a: '1' });
    await rejected.acknowledge([dead!]);
    await rejected.close();
    expect(bench.store.bodies.size).toBe(0);
  });

  it.each<[what: string, body: string]>([
    ['forged', `["${NEW}",{"s3BucketName":"theirs","s3Key":"k"}]`],
    ['dangling', `["${NEW}",{"s3BucketName":"own","s3Key":"gone"}]`],
    ['broken', 'no pointer'],
  ])('dead-letters a message with a %s pointer unchanged', async (_, body) => {
    const bench = new Bench();
    const target = createMemoryQueue({ name: 'rejected' });
    const rejected = bench.over(target, { threshold: 0 });
    const message = await arrives(bench, body);
    const copy = deadLetter(message, { type: 'reject', reason: 'bad-envelope' }, bench.large, rejected);
    expect(await rejected.send([copy])).toMatchObject([{ ok: true }]);
    expect(target.messages()).toMatchObject([{ body, attributes: { ExtendedPayloadSize: '4' } }]);
    await bench.large.acknowledge([message]);
    await bench.large.close();
    expect(bench.store.calls.filter((call) => !call.startsWith('get'))).toEqual([]);
  });

  it.each([0, 1_048_576])('stores a copy with any number of attributes with the threshold %d', async (threshold) => {
    for (const count of [8, 9, 10]) {
      const bench = new Bench();
      const rejected = bench.over(createMemoryQueue({ name: 'rejected' }), { threshold });
      const attributes = Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, '1']));
      await bench.queue.send([{ body: 'x'.repeat(1_048_400), attributes }]);
      const [message] = await bench.receive();
      const copy = deadLetter(message!, { type: 'reject', reason: 'handler-rejected' }, bench.large, rejected);
      expect(await rejected.send([copy])).toMatchObject([{ ok: true }]);
      expect((await bench.receive(rejected))[0]).toMatchObject({ body: message!.body, attributes });
    }
  });

  it('deletes the body of a message that was sent on with another body', async () => {
    const bench = new Bench();
    await bench.large.send([{ body: LARGE }]);
    const [original] = await bench.receive();
    expect(
      await bench.large.send([
        { body: `${LARGE}y`, original: original! },
        { body: 'z', original: original! },
      ]),
    ).toMatchObject([{ ok: true }, { ok: true }]);
    await bench.large.acknowledge([original!]);
    await bench.large.close();
    expect(bench.store.calls.map((call) => call.split(' ')[0])).toEqual(['put', 'get', 'put', 'delete']);
  });

  it('deletes the body when the dead-letter queue refuses the copy', async () => {
    const bench = new Bench();
    const target = createMemoryQueue({ name: 'rejected' });
    target.fail('send', () => [failure('denied')]);
    const rejected = bench.over(target);
    await bench.large.send([{ body: LARGE }]);
    const [message] = await bench.receive();
    await rejected.send([deadLetter(message!, { type: 'reject', reason: 'handler-rejected' }, bench.large, rejected)]);
    expect(bench.store.bodies.size).toBe(1);
    await bench.large.acknowledge([message!]);
    await bench.large.close();
    expect(bench.store.bodies.size).toBe(0);
  });
});
