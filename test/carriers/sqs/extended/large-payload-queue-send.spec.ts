import { describe, expect, it } from '@jest/globals';
import type { WireMessage } from '../../../../lib/queue/wire-message.js';
import { Bench, failure, LARGE } from './harness.js';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

describe('sending a body that is too large for the queue', () => {
  it('stores the body in S3 and sends a pointer of Amazon’s libraries', async () => {
    const bench = new Bench({ prefix: 'calls/2026/' });
    expect(await bench.large.send([{ body: `ü${LARGE}`, attributes: { a: '1' }, groupId: 'g' }])).toMatchObject([
      { ok: true },
    ]);
    const [stored] = bench.queue.messages();
    const key = new RegExp(`"s3Key":"(calls/2026/${UUID})"`).exec(stored!.body)![1]!;
    expect(stored).toMatchObject({
      body: `["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"own","s3Key":"${key}"}]`,
      attributes: { a: '1', ExtendedPayloadSize: String(LARGE.length + 2) },
      groupId: 'g',
    });
    expect(bench.store.bodies.get(`own ${key}`)).toBe(`ü${LARGE}`);
  });

  it.each<[what: string, bytes: number, options: object, large: boolean]>([
    ['just fits', 1_048_576, {}, false],
    ['does not fit by a byte', 1_048_577, {}, true],
    ['is at the threshold', 100, { threshold: 100 }, false],
    ['is over the threshold', 101, { threshold: 100 }, true],
    ['has any size, with the threshold 0', 1, { threshold: 0 }, true],
  ])('decides by size whether to store the body of a message that %s', async (_, bytes, options, large) => {
    const bench = new Bench(options);
    // Six bytes of it are an attribute's type, and two its name and value.
    const message = bytes > 10 ? { body: 'x'.repeat(bytes - 8), attributes: { a: '1' } } : { body: 'x'.repeat(bytes) };
    expect(await bench.large.send([message])).toMatchObject([{ ok: true }]);
    expect(bench.store.calls).toHaveLength(large ? 1 : 0);
  });

  it('counts the bytes of the pointer towards a request', () => {
    const { large, queue } = new Bench({ prefix: 'p/' });
    const message = { body: LARGE, attributes: { a: '1' } };
    const pointer = `["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"own","s3Key":"p/${'0'.repeat(36)}"}]`;
    const attributes = 'a'.length + 6 + 1 + 'ExtendedPayloadSize'.length + 6 + '1048577'.length;
    expect(large.wireBytes(message)).toBe(pointer.length + attributes);
    expect(large.wireBytes({ body: 'four' })).toBe(4);
    expect(large.limits).toEqual({ ...queue.limits, messageBytes: 16 * 1_048_576, attributes: 9 });
  });

  it('writes the legacy size attribute by option', async () => {
    const bench = new Bench({ reservedAttribute: 'SQSLargePayloadSize' });
    await bench.large.send([{ body: LARGE }]);
    expect(bench.queue.messages()[0]!.attributes).toEqual({ SQSLargePayloadSize: '1048577' });
  });

  it.each<[what: string, message: WireMessage, text: string]>([
    [
      'uses a reserved attribute name',
      { body: 'x', attributes: { SQSLargePayloadSize: '1' } },
      'SQSLargePayloadSize marks',
    ],
    [
      'has ten attributes',
      { body: LARGE, attributes: Object.fromEntries([...'abcdefghij'].map((c) => [c, c])) },
      'takes 9 others',
    ],
    [
      'exceeds the limit with its attributes alone',
      { body: 'x', attributes: { a: LARGE } },
      'the attributes alone are more',
    ],
  ])('refuses a message that %s before storing any body', async (_, message, text) => {
    const bench = new Bench();
    const [bad, good] = await bench.large.send([message, { body: 'good' }]);
    expect(bad).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining(text) as unknown },
    });
    expect(good).toMatchObject({ ok: true });
    expect([bench.store.calls, bench.queue.messages().length]).toEqual([[], 1]);
  });

  it('fails only the message whose body could not be stored', async () => {
    const bench = new Bench();
    const error = failure('network');
    bench.store.fails = () => error;
    expect(await bench.large.send([{ body: LARGE }, { body: 'good' }])).toMatchObject([
      { ok: false, error },
      { ok: true },
    ]);
    expect(await bench.large.send([{ body: LARGE }])).toMatchObject([{ ok: false, error }]);
  });

  it('refuses a message larger than maxBytes', async () => {
    const bench = new Bench({ maxBytes: 2_000_000 });
    const [outcome] = await bench.large.send([{ body: 'x'.repeat(2_000_001) }]);
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'invalid' } });
    expect(bench.store.calls).toEqual([]);
  });

  it.each([0, 11])('stores no body for an invalid batch of %d messages', async (count) => {
    const bench = new Bench();
    await expect(bench.large.send(Array.from({ length: count }, () => ({ body: LARGE })))).rejects.toThrow();
    expect(bench.store.calls).toEqual([]);
  });

  it('stores no body after the queue is closed', async () => {
    const bench = new Bench();
    await bench.large.close();
    await expect(bench.large.send([{ body: LARGE }])).rejects.toMatchObject({ code: 'QueueClosed' });
    expect(bench.store.calls).toEqual([]);
  });

  it('deduplicates large bodies by their content on a FIFO queue', async () => {
    const bench = new Bench({}, { fifo: true, contentBasedDeduplication: true });
    for (const body of [LARGE, LARGE, `${LARGE}x`]) await bench.large.send([{ body, groupId: 'g' }]);
    expect(bench.queue.messages()).toHaveLength(2);
  });

  it.each(['network', 'service', 'closed'] as const)(
    'keeps the body of a message that SQS may have stored after a %s failure',
    async (kind) => {
      const bench = new Bench();
      bench.queue.fail('send', () => [failure(kind, 'StoredCorrupt', false)]);
      await bench.large.send([{ body: LARGE }]);
      await bench.large.close();
      expect(bench.store.bodies.size).toBe(1);
    },
  );

  it('stores the body of a retried message once', async () => {
    const bench = new Bench();
    bench.queue.fail('send', ({ number }) => {
      if (number === 1) return failure('network');
      return number === 2 ? [failure('network')] : undefined;
    });
    const message = { body: LARGE };
    await expect(bench.large.send([message])).rejects.toThrow('by script');
    expect(await bench.large.send([message])).toMatchObject([{ ok: false }]);
    expect(await bench.large.send([message])).toMatchObject([{ ok: true }]);
    expect(bench.store.calls).toHaveLength(1);
    expect((await bench.receive())[0]!.body).toBe(LARGE);
  });

  it.each<['an entry' | 'a request']>([['an entry'], ['a request']])(
    'deletes the stored body after a permanent refusal of %s',
    async (what) => {
      const bench = new Bench();
      bench.queue.fail('send', () => (what === 'an entry' ? [failure('invalid')] : failure('invalid')));
      await bench.large.send([{ body: LARGE }]).catch(() => undefined);
      await bench.large.close();
      expect([bench.store.bodies.size, bench.store.closed]).toEqual([0, true]);
    },
  );
});
