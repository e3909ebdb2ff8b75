import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Queue } from '../../../lib/queue/queue.js';
import type { ScriptedRequest } from '../../fakes/sqs/faults.js';
import type { Reply } from '../../fakes/sqs/replies.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { delivery, openFake, startFake } from './open-fake.js';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

function stored({ Id, MessageBody }: Entry): object {
  return { Id, MessageId: `m${Id}`, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
}

function entriesOf({ body }: ScriptedRequest): Entry[] {
  return body.Entries as Entry[];
}

function answerEach(answer: (entry: Entry) => { ok?: object; bad?: object }): (request: ScriptedRequest) => Reply {
  return (request) => {
    const answers = entriesOf(request).map(answer);
    return {
      json: { Successful: answers.flatMap(({ ok }) => ok ?? []), Failed: answers.flatMap(({ bad }) => bad ?? []) },
    };
  };
}

describe('sending to SQS', () => {
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

  it('writes every field of a message, with positions as entry ids', async () => {
    server.on(
      'SendMessageBatch',
      answerEach((entry) => ({ ok: stored(entry) })),
    );
    const arrival = server.log.arrival('SendMessageBatch');
    await queue.send([
      { body: 'a', attributes: { k: 'v' }, groupId: 'g', deduplicationId: 'd' },
      { body: 'b', delaySeconds: 3 },
    ]);
    expect((await arrival).body).toEqual({
      QueueUrl: 'http://sqs.invalid/1/q',
      Entries: [
        {
          Id: '0',
          MessageBody: 'a',
          MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } },
          MessageGroupId: 'g',
          MessageDeduplicationId: 'd',
        },
        { Id: '1', MessageBody: 'b', DelaySeconds: 3 },
      ],
    });
  });

  it('copies binary attributes of the original and only the given text attributes', async () => {
    server.on(
      'SendMessageBatch',
      answerEach((entry) => ({ ok: stored(entry) })),
    );
    const arrival = server.log.arrival('SendMessageBatch');
    const bytes = { DataType: 'Binary', BinaryValue: Buffer.from('x') };
    const text = (StringValue: string, DataType = 'String'): object => ({ DataType, StringValue });
    const MessageAttributes = {
      constructor: bytes,
      toString: bytes,
      kept: text('1', 'Number.int'),
      changed: text('2', 'Number.int'),
      valueOf: text('left out'),
    };
    const original = { ...delivery('r'), raw: { MessageAttributes } };
    await queue.send([{ body: 'a', attributes: { kept: '1', changed: '3' }, original }]);
    const onWire = { DataType: 'Binary', BinaryValue: 'eA==' };
    expect((await arrival).body.Entries).toEqual([
      {
        Id: '0',
        MessageBody: 'a',
        MessageAttributes: {
          constructor: onWire,
          toString: onWire,
          kept: text('1', 'Number.int'),
          changed: text('3'),
        },
      },
    ]);
  });

  it('sends only messages that SQS can store and keeps their positions', async () => {
    server.on(
      'SendMessageBatch',
      answerEach((entry) => ({ ok: stored(entry) })),
    );
    const arrival = server.log.arrival('SendMessageBatch');
    const outcomes = await queue.send([{ body: '' }, { body: 'good' }, { body: Buffer.from('bytes') }]);
    expect(entriesOf(await arrival).map(({ Id }) => Id)).toEqual(['1']);
    expect(outcomes).toMatchObject([
      { ok: false, error: { code: 'InvalidMessageContents', kind: 'invalid', retryable: false } },
      { ok: true, id: 'm1' },
      { ok: false, error: { code: 'InvalidMessageContents', kind: 'invalid', retryable: false } },
    ]);
  });

  it('sends no request when SQS can store no message of the batch', async () => {
    const before = server.log.requests.length;
    expect(await queue.send([{ body: '' }])).toMatchObject([{ ok: false }]);
    expect(server.log.requests.length).toBe(before);
  });

  it('reports the outcome of each entry of a partial failure', async () => {
    const failures: Record<string, object> = {
      '1': { Id: '1', Code: 'InvalidMessageContents', SenderFault: true },
      '2': { Id: '2', Code: 'InternalError', SenderFault: false },
    };
    server.on(
      'SendMessageBatch',
      answerEach((entry) => (failures[entry.Id] ? { bad: failures[entry.Id] as object } : { ok: stored(entry) })),
    );
    expect(await queue.send(['a', 'b', 'c', 'd'].map((body) => ({ body })))).toMatchObject([
      { ok: true, id: 'm0' },
      { ok: false, error: { kind: 'invalid', retryable: false } },
      { ok: false, error: { kind: 'service', retryable: true } },
      { ok: true, id: 'm3' },
    ]);
  });

  it.each<[string, (request: ScriptedRequest) => Reply]>([
    ['leaves an entry out', answerEach((entry) => (entry.Id === '1' ? {} : { ok: stored(entry) }))],
    ['has an unknown id', answerEach((entry) => ({ ok: stored(entry.Id === '1' ? { ...entry, Id: '7' } : entry) }))],
  ])('an answer that %s fails the entry as retryable', async (_, reply) => {
    server.on('SendMessageBatch', reply);
    expect(await queue.send([{ body: 'a' }, { body: 'b' }])).toMatchObject([
      { ok: true, id: 'm0' },
      { ok: false, error: { code: 'NoAnswerForEntry', retryable: true } },
    ]);
  });

  it.each<unknown>([undefined, null, '', [], {}, { toString: 1 }, 'x'.repeat(257)])(
    'sends an entry only once that is stored under the message id %j, which is none',
    async (MessageId) => {
      let requests = 0;
      const reply = answerEach((entry) => ({
        ok: { ...stored(entry), ...(entry.Id === '1' && { MessageId: MessageId as string }) },
      }));
      server.on('SendMessageBatch', (request) => {
        requests += 1;
        return reply(request);
      });
      const results = await queue.send([{ body: 'a' }, { body: 'b' }]);
      expect(results).toMatchObject([
        { ok: true, id: 'm0' },
        { ok: false, error: { code: 'BadMessageId', retryable: false } },
      ]);
      expect(requests).toBe(1);
    },
  );

  it('takes the position of an entry as a number too', async () => {
    server.on(
      'SendMessageBatch',
      answerEach((entry) => ({ ok: { ...stored(entry), Id: Number(entry.Id) as never } })),
    );
    expect(await queue.send([{ body: 'a' }])).toMatchObject([{ ok: true, id: 'm0' }]);
  });

  it.each(['', 'null', '[]', '{"Successful":"x","Failed":7}', '{"Successful":[null,1]}'])(
    'the answer %j fails every entry as retryable',
    async (text) => {
      server.on('SendMessageBatch', { text, status: 200 });
      expect(await queue.send([{ body: 'a' }])).toMatchObject([
        { ok: false, error: { code: 'NoAnswerForEntry', retryable: true } },
      ]);
    },
  );

  it('fails an entry with a wrong body digest as not retryable', async () => {
    server.on(
      'SendMessageBatch',
      answerEach((entry) => ({ ok: stored(entry.Id === '1' ? { ...entry, MessageBody: 'changed' } : entry) })),
    );
    expect(await queue.send([{ body: 'a' }, { body: 'b' }])).toMatchObject([
      { ok: true, id: 'm0' },
      { ok: false, error: { code: 'StoredCorrupt', retryable: false } },
    ]);
  });

  it('fails an entry with a wrong attribute digest as not retryable', async () => {
    const wrong = createHash('md5').update('other').digest('hex');
    server.on(
      'SendMessageBatch',
      answerEach((entry) => ({ ok: { ...stored(entry), MD5OfMessageAttributes: wrong } })),
    );
    const outcomes = await queue.send([{ body: 'a', attributes: { k: 'v' } }]);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'StoredCorrupt', retryable: false } }]);
  });
});
