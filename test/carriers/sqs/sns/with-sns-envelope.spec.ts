import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { deadLetter } from '../../../../lib/consume/dead-letter.js';
import { BadEnvelope } from '../../../../lib/carriers/sqs/sns/signature.js';
import { createMemoryQueue } from '../../../../lib/carriers/memory/memory-queue.js';
import { bench, CERTIFICATE_URL, fields, fixture, signed, TOPIC } from './envelopes.js';

afterEach(() => void jest.useRealTimers());

const RECEIVE = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

describe('an envelope of SNS', () => {
  it.each([
    ['version 1', fields()],
    ['version 2', fields({ SignatureVersion: '2' })],
    ['version 1 with a subject', fields({ Subject: 'nightly' })],
    ['version 2 with a subject', fields({ SignatureVersion: '2', Subject: 'nächtlich' })],
    ['a subject that is null', fields({ Subject: null })],
    ['a message of several lines', fields({ Message: 'Subject\nx\nü€😀' })],
    ['no attributes', fields({ MessageAttributes: undefined })],
  ])('opens an SNS envelope whose signature covers %s', async (_, content) => {
    const { receive, fetched } = bench();
    const message = await receive(JSON.stringify(signed(content)));
    expect([message.defect, message.fault]).toEqual([undefined, undefined]);
    expect(message.body).toBe(content.Message);
    expect(fetched).toEqual([CERTIFICATE_URL]);
  });

  it('delivers the published body and attributes with the delivery data of SQS', async () => {
    const MessageAttributes = {
      tenant: { Type: 'String', Value: 'acme' },
      size: { Type: 'Number', Value: '7' },
      part: { Type: 'Number.int', Value: '8' },
      list: { Type: 'String.Array', Value: '["a"]' },
      bytes: { Type: 'Binary', Value: 'AAE=' },
      ['__proto__']: { Type: 'String', Value: 'an attribute like any other' },
    };
    const { receive, inner } = bench();
    const body = JSON.stringify(signed(fields({ MessageAttributes })));
    const message = await receive(body, { tenant: 'forged', outer: 'x' });
    const [stored] = inner.messages();
    expect(message).toMatchObject({ id: stored!.id, body: 'gAEABA==', otherAttributes: 1, receiveCount: 1 });
    expect(Object.entries(message.attributes)).toEqual([
      ['tenant', 'acme'],
      ['size', '7'],
      ['part', '8'],
      ['list', '["a"]'],
      ['__proto__', 'an attribute like any other'],
    ]);
    expect(await inner.acknowledge([message])).toEqual([{ ok: true }]);
  });

  it('checks an envelope of a topic in China with a certificate from China', async () => {
    const topic = 'arn:aws-cn:sns:cn-north-1:123456789012:backups';
    const SigningCertURL = 'https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-1.pem';
    const { receive, fetched } = bench({ topics: [TOPIC, topic] });
    const message = await receive(JSON.stringify(signed(fields({ TopicArn: topic, SigningCertURL }))));
    expect(message.body).toBe('gAEABA==');
    expect(fetched).toEqual([SigningCertURL]);
  });

  it('checks the topic but no signature when verify is false', async () => {
    const { receive, fetched } = bench({ verify: false });
    const forged = fields({ Signature: 'EXAMPLE', SigningCertURL: 'https://evil.example/x.pem' });
    expect((await receive(JSON.stringify(forged))).body).toBe('gAEABA==');
    const strange = await receive(JSON.stringify({ ...forged, TopicArn: `${TOPIC}2` }));
    expect(strange.defect).toMatchObject({ reason: 'bad-envelope' });
    expect(fetched).toEqual([]);
  });

  it('leaves a message that is already defective unchanged', async () => {
    const { queue, inner } = bench();
    const broken = { reason: 'md5-mismatch', detail: 'x' } as const;
    jest
      .spyOn(inner, 'receive')
      .mockResolvedValueOnce([
        { id: '1', body: 'x', attributes: {}, receiveCount: 1, receivedAt: 0, receipt: 'r', raw: {}, defect: broken },
      ]);
    expect(await queue.receive(RECEIVE)).toMatchObject([{ body: 'x', defect: broken }]);
  });
});

describe('the certificate', () => {
  it('fetches a certificate once for all messages and keeps the certificate', async () => {
    const { inner, queue, fetched } = bench();
    const body = JSON.stringify(signed(fields()));
    for (const _ of [1, 2]) {
      await inner.send(Array.from({ length: 10 }, () => ({ body })));
      const messages = await queue.receive(RECEIVE);
      expect(messages.map((message) => message.body)).toEqual(Array<string>(10).fill('gAEABA=='));
      await queue.acknowledge(messages);
    }
    expect(fetched).toEqual([CERTIFICATE_URL]);
  });

  const nth = (n: number): string =>
    JSON.stringify(signed(fields({ SigningCertURL: CERTIFICATE_URL.replace('0a1b2c', String(n)) })));

  it('keeps the certificates of the last 32 URLs', async () => {
    jest.useFakeTimers();
    const { receive, fetched } = bench();
    for (let n = 0; n < 33; n += 1) {
      await receive(nth(n));
      await jest.advanceTimersByTimeAsync(3_000);
    }
    await receive(nth(32));
    expect(fetched).toHaveLength(33);
    await receive(nth(0));
    expect(fetched).toHaveLength(34);
  });

  it('retries a message whose certificate could not be fetched', async () => {
    jest.useFakeTimers();
    let down = true;
    const fetch = async (): Promise<string> => {
      if (down) throw new Error('getaddrinfo EAI_AGAIN');
      return fixture('signing.pem');
    };
    const { receive, queue, fetched } = bench({ fetch });
    const failed = await receive(JSON.stringify(signed(fields())));
    expect(failed.defect).toBeUndefined();
    expect(failed.fault).toMatchObject({ code: 'CertificateUnavailable', kind: 'network', retryable: true });
    expect(failed.fault!.message).toBe(
      'CertificateUnavailable: the certificate of an SNS signature for the queue "inbox" cannot be fetched: ' +
        'getaddrinfo EAI_AGAIN. Let the worker reach SNS over https, set "envelope.fetch", or use raw message delivery.',
    );
    down = false;
    await jest.advanceTimersByTimeAsync(10_000);
    await queue.release([{ message: failed, seconds: 0, cause: 'failed' }]);
    const [again] = await queue.receive(RECEIVE);
    expect(again).toMatchObject({ body: 'gAEABA==', receiveCount: 2 });
    expect(fetched).toHaveLength(2);
  });

  it.each<[what: string, fetch: () => Promise<string>]>([
    ['that SNS does not have', () => Promise.reject(new BadEnvelope('SNS answered HTTP 404'))],
    ['that is empty', () => Promise.resolve('')],
  ])('rejects messages with a certificate %s and fetches once a minute', async (_, fetch) => {
    jest.useFakeTimers();
    const { receive, queue, inner, fetched } = bench({ fetch });
    const body = JSON.stringify(signed(fields()));
    await inner.send(Array.from({ length: 10 }, () => ({ body })));
    for (const message of await queue.receive(RECEIVE)) {
      expect(message).toMatchObject({ body, defect: { reason: 'bad-envelope' } });
      expect(message.fault).toBeUndefined();
    }
    await jest.advanceTimersByTimeAsync(59_999);
    expect(await receive(body)).toHaveProperty('defect.reason', 'bad-envelope');
    expect(fetched).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(await receive(body)).toHaveProperty('defect.reason', 'bad-envelope');
    expect(fetched).toHaveLength(2);
  });

  it('starts at most 20 fetches a minute for certificates that do not exist, and retries what names others', async () => {
    jest.useFakeTimers();
    const { receive, fetched } = bench({ fetch: () => Promise.reject(new BadEnvelope('SNS answered HTTP 404')) });
    for (let n = 0; n < 200; n += 1) {
      const message = await receive(nth(n));
      expect([n, message.defect !== undefined, message.fault !== undefined]).toEqual([n, n < 20, n >= 20]);
    }
    expect(fetched).toHaveLength(20);
    await jest.advanceTimersByTimeAsync(60_000);
    await receive(nth(500));
    expect(fetched).toHaveLength(21);
  });

  it('opens at most four fetches at a time, which delay each receive by a second, and only the first in a minute', async () => {
    jest.useFakeTimers();
    const { inner, queue, fetched } = bench({ fetch: () => new Promise(() => undefined) });
    const waits = async (from: number): Promise<number> => {
      await inner.send(Array.from({ length: 10 }, (_, i) => ({ body: nth(from + i) })));
      const since = Date.now();
      let waited = -1;
      const receiving = queue.receive(RECEIVE).then((messages) => {
        waited = Date.now() - since;
        return messages;
      });
      await jest.advanceTimersByTimeAsync(1_500);
      for (const { fault } of await receiving) expect(fault!.message).toMatch(/has not arrived yet|so others wait/);
      return waited;
    };
    expect(await waits(0)).toBe(1_000);
    expect(fetched).toHaveLength(4);
    expect(await waits(10)).toBeLessThan(10);
  });

  it('finds a certificate that came after the receive had stopped waiting', async () => {
    jest.useFakeTimers();
    const { receive, queue } = bench({
      fetch: () => new Promise((resolve) => setTimeout(() => resolve(fixture('signing.pem')), 2_500)),
    });
    const receiving = receive(JSON.stringify(signed(fields())));
    await jest.advanceTimersByTimeAsync(1_000);
    const late = await receiving;
    expect(late.fault!.message).toContain('it has not arrived yet');
    await jest.advanceTimersByTimeAsync(1_500);
    await queue.release([{ message: late, seconds: 0, cause: 'failed' }]);
    expect(await queue.receive(RECEIVE)).toMatchObject([{ body: 'gAEABA==' }]);
  });

  it('ends a fetch after 3 seconds', async () => {
    jest.useFakeTimers();
    let cut: AbortSignal | undefined;
    const { receive } = bench({
      fetch: (_, signal) => {
        cut = signal;
        return new Promise(() => undefined);
      },
    });
    const receiving = receive(JSON.stringify(signed(fields())));
    await jest.advanceTimersByTimeAsync(2_999);
    expect(cut!.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(cut!.aborted).toBe(true);
    await receiving;
  });

  it('stops waiting for a certificate when the queue is closed', async () => {
    let asked: () => void;
    const asking = new Promise<void>((resolve) => (asked = resolve));
    const { receive, queue } = bench({
      fetch: () => {
        asked();
        return new Promise(() => undefined);
      },
    });
    const receiving = receive(JSON.stringify(signed(fields())));
    await asking;
    await queue.close();
    expect((await receiving).fault!.message).toContain('the queue was closed');
    await expect(queue.receive(RECEIVE)).rejects.toMatchObject({ code: 'QueueClosed' });
  });
});

describe('a dead-letter copy of a message out of an envelope', () => {
  it('a dead-letter copy keeps its signed envelope and opens again when moved back', async () => {
    const { receive, queue, inner } = bench();
    const body = JSON.stringify(signed(fields()));
    const message = await receive(body, { outer: 'x' });
    const dead = deadLetter(message, { type: 'reject', reason: 'truncated' }, queue, createMemoryQueue());
    expect(dead).toMatchObject({ body, original: message });
    expect(Object.keys(dead.attributes!)).toEqual(['outer', 'thrift-dead-letter']);
    await queue.acknowledge([message]);
    await inner.send([{ body: dead.body, attributes: dead.attributes! }]);
    const [again] = await queue.receive(RECEIVE);
    expect(again).toMatchObject({ body: 'gAEABA==', attributes: { tenant: 'acme' } });
    expect(again!.defect).toBeUndefined();
  });
});
