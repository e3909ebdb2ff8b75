import { afterEach, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, type ClientSqsThriftOptions, type TransportEvent } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { lastValueFrom } from 'rxjs';
import type { FaultScript } from '../fakes/sqs/faults.js';
import { type SqsFake, startSqsFake } from '../fakes/sqs/sqs-fake.js';
import { type SnsFake, startSnsFake, stored } from '../fakes/sns/sns-fake.js';

const KIB = 1024;

const Texts = findService(loadSchemaFromText('service Texts { oneway void text(1: string text) }'), 'Texts');

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Texts whose messages have about 100 KB each, or as many bytes as given. */
const large = (count: number, bytes = 100_000): { text: string }[] =>
  Array.from({ length: count }, () => ({ text: 'x'.repeat((bytes / 4) * 3 - 1_000) }));

interface Emitter {
  readonly client: ClientSqsThrift;
  readonly learned: TransportEvent[];
}

function emitterOf(options: Partial<ClientSqsThriftOptions>): Emitter {
  const client = new ClientSqsThrift({ service: Texts, ...options } as ClientSqsThriftOptions);
  ends.push(() => client.close());
  const learned: TransportEvent[] = [];
  client.on('size-limit-learned', (event) => void learned.push(event));
  return { client, learned };
}

async function serverOf(settings: object, faults?: FaultScript): Promise<{ fake: SqsFake } & Emitter> {
  const fake = await startSqsFake(faults ? { faults } : {});
  ends.push(() => fake.stop());
  fake.createQueue('texts', settings);
  const { endpoint, region, credentials } = fake;
  return { fake, ...emitterOf({ queue: 'texts', endpoint, region, credentials }) };
}

describe('a server that takes 256 KiB in a batch', () => {
  it('refuses a few requests, and gets two messages of 100 KB in each request from then on', async () => {
    const { fake, client, learned } = await serverOf({ maximumBatchSize: 256 * KIB });
    await client.emitAll('text', large(120));
    const { requests, outcomes } = fake.log.count('SendMessageBatch');
    expect(fake.depth('texts').visible).toBe(120);
    // Up to four requests are open when the first refusal arrives, and there are two halvings.
    expect(outcomes).toEqual({ ok: 60, BatchRequestTooLong: requests - 60 });
    expect(requests - 60).toBeLessThanOrEqual(8);
    expect(learned).toMatchObject([{ queue: 'texts', of: 'request' }]);
    await client.emitAll('text', large(40));
    expect(fake.log.count('SendMessageBatch').requests).toBe(requests + 20);
  });

  it('stores all calls behind a proxy that answers 413 with a page', async () => {
    const { fake, client, learned } = await serverOf({}, ({ headers }) =>
      Number(headers['content-length']) > 256 * KIB
        ? { kind: 'text', status: 413, text: '<html>413 Request Entity Too Large</html>', contentType: 'text/html' }
        : undefined,
    );
    await client.emitAll('text', large(40));
    expect(fake.depth('texts').visible).toBe(40);
    expect(learned).toHaveLength(1);
  });
});

describe('a single message that the server refuses as too large', () => {
  it('fails with its size and the remedies, and the calls beside it are stored', async () => {
    const { fake, client } = await serverOf({ maximumBatchSize: 64 * KIB });
    const emits = [10, 90_000, 20].map((length) => client.emit<string>('text', { text: 'x'.repeat(length) }));
    const [first, second, third] = await Promise.allSettled(emits.map((emit) => lastValueFrom(emit)));
    expect([first!.status, third!.status]).toEqual(['fulfilled', 'fulfilled']);
    const { reason } = second as PromiseRejectedResult;
    expect(reason).toMatchObject({ name: 'QueueError', code: 'BatchRequestTooLong', kind: 'too-large' });
    expect((reason as Error).message).toMatch(
      /^BatchRequestTooLong: text takes 1200\d\d bytes with its attributes, too many for texts.*largePayloads.*pack\.maxBytes.*MaximumMessageSize/,
    );
    expect(fake.depth('texts').visible).toBe(2);
  });

  it('fails alike if the server refuses only the entry', async () => {
    const { client } = await serverOf({}, ({ action, body }) => {
      const entries = (body['Entries'] ?? []) as { MessageBody: string }[];
      const at = entries.findIndex(({ MessageBody }) => MessageBody.length > 64 * KIB);
      if (action !== 'SendMessageBatch' || at < 0) return undefined;
      const Message = 'One or more parameters are invalid. Reason: Message must be shorter than 65536 bytes.';
      const fault = { Code: 'InvalidParameterValue', SenderFault: true, Message };
      return { kind: 'fail-entries', entries: new Map([[at, fault]]) };
    });
    const emits = [10, 90_000].map((length) => client.emit<string>('text', { text: 'x'.repeat(length) }));
    const [first, second] = await Promise.allSettled(emits.map((emit) => lastValueFrom(emit)));
    expect(first!.status).toBe('fulfilled');
    expect((second as PromiseRejectedResult).reason).toMatchObject({
      kind: 'too-large',
      message: expect.stringMatching(
        /text takes 1200\d\d bytes.*Message must be shorter than 65536 bytes.*largePayloads/,
      ),
    });
  });
});

describe('a topic that takes 128 KiB in a batch', () => {
  it('gets smaller requests after its refusals', async () => {
    const sns: SnsFake = await startSnsFake();
    ends.push(() => sns.stop());
    let accepted = 0;
    sns.on('PublishBatch', (request) => {
      const bodies = Object.entries(request).filter(([name]) => name.endsWith('.Message'));
      if (bodies.reduce((sum, [, body]) => sum + body.length, 0) > 128 * KIB)
        return { error: 'BatchRequestTooLong', status: 400 };
      accepted += bodies.length;
      return { result: `<Successful>${bodies.map((_, at) => stored(at)).join('')}</Successful><Failed/>` };
    });
    const { client, learned } = emitterOf({
      topic: 'arn:aws:sns:eu-west-1:000000000000:texts',
      endpoint: sns.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await client.emitAll('text', large(48, 40_000));
    expect(accepted).toBe(48);
    expect(learned).toMatchObject([{ of: 'request' }]);
    const batches = sns.requests.filter(({ Action }) => Action === 'PublishBatch');
    expect(batches.length).toBeLessThanOrEqual(16 + 8);
  });
});
