import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { openSqsQueue, type LargePayloadOptions, type Queue, type ReceivedMessage } from 'nestjs-sqs-thrift/port';
import { startEmbeddedSqs, type EmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { describeReady } from './describe-ready.js';
import { PythonPeer, whatIsMissing } from './python-peer.js';

/** Amazon's library keeps what is larger than 262 144 bytes in S3: here 408 001 of them, in fewer characters. */
const LARGE = `${'Zoë 漢字 \u{1f4be} '.repeat(24_000)}\n`;
const SMALL = 'small';

/** Lists Python's further arguments and our options. Each library has an old and a new form. */
const FORMS = [
  { form: 'the current form', flags: [], reservedAttribute: 'ExtendedPayloadSize' },
  { form: 'the legacy form', flags: ['--legacy'], reservedAttribute: 'SQSLargePayloadSize' },
] as const;

/** Messages come in any order. */
const byLength = (a: { body: unknown }, b: { body: unknown }): number => String(a.body).length - String(b.body).length;

describeReady("Amazon's extended client library in Python", whatIsMissing(), () => {
  let sqs: EmbeddedSqs;
  let python: PythonPeer;
  let name: string;
  let bucket: string;
  let count = 0;

  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
    python = new PythonPeer({ ...sqs.env, AWS_ENDPOINT_URL_S3: sqs.endpoint });
  });

  afterAll(async () => {
    python?.close();
    await sqs?.stop();
  });

  beforeEach(async () => {
    count += 1;
    name = (await sqs.createQueue(`large-${count}`)).name;
    bucket = `bodies-${count}`;
    await sqs.createBucket(bucket);
  });

  function open(options: Partial<LargePayloadOptions> = {}): Promise<Queue> {
    const { endpoint, region, credentials } = sqs;
    const largePayloads = { bucket, endpoint, threshold: 262_144, ...options };
    return openSqsQueue({ queue: name, endpoint, region, credentials, largePayloads });
  }

  async function receiveBoth(queue: Queue): Promise<readonly ReceivedMessage[]> {
    const received: ReceivedMessage[] = [];
    while (received.length < 2) {
      const more = await queue.receive({ max: 10, waitSeconds: 5, visibilityTimeoutSeconds: 30 });
      if (more.length === 0) throw new Error(`only ${received.length} messages came`);
      received.push(...more);
    }
    return received.sort(byLength);
  }

  it.each(FORMS)(
    'sends in $form a body that our queue reads and deletes from S3',
    async ({ flags }) => {
      await python.run('large.py', ['send', name, bucket, ...flags], lines([LARGE, SMALL]));
      expect(await sqs.listObjects(bucket)).toHaveLength(1);
      const queue = await open();
      const received = await receiveBoth(queue);
      expect(received.map(({ body }) => (body === LARGE ? 'as it was sent' : body))).toEqual([SMALL, 'as it was sent']);
      for (const message of received) {
        expect({ ...message.attributes }).toEqual({ sender: 'python' });
        expect([message.defect, message.fault]).toEqual([undefined, undefined]);
      }
      expect(await queue.acknowledge(received)).toEqual([{ ok: true }, { ok: true }]);
      await queue.close();
      expect(await sqs.listObjects(bucket)).toEqual([]);
    },
    60_000,
  );

  it.each(FORMS)(
    'reads a body that our queue sends in $form and deletes the body from S3',
    async ({ flags, reservedAttribute }) => {
      const queue = await open({ reservedAttribute, prefix: 'backups/' });
      const attributes = { sender: 'nest' };
      const messages = [LARGE, SMALL].map((body) => ({ body, attributes }));
      expect(await queue.send(messages)).toMatchObject([{ ok: true }, { ok: true }]);
      await queue.close();
      expect(await sqs.listObjects(bucket)).toEqual([expect.stringMatching(/^backups\/[0-9a-f-]{36}$/)]);
      const printed = await python.run('large.py', ['handle', name, bucket, '2', ...flags]);
      const handled = printed
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { body: string; attributes: object })
        .sort(byLength);
      expect(handled.map(({ body }) => (body === LARGE ? 'as it was sent' : body))).toEqual([SMALL, 'as it was sent']);
      for (const message of handled) expect(message.attributes).toEqual(attributes);
      expect(await sqs.listObjects(bucket)).toEqual([]);
    },
    60_000,
  );
});

function lines(bodies: readonly string[]): string {
  return bodies.map((body) => `${JSON.stringify(body)}\n`).join('');
}
