import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Queue } from '../../../lib/queue/queue.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { delivery, openFake, startFake } from './open-fake.js';

describe('deleting and extending messages in SQS', () => {
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

  const answer = {
    Successful: [{ Id: '2' }, { Id: '0' }],
    Failed: [
      {
        Id: '1',
        Code: 'ReceiptHandleIsInvalid',
        Message: 'The input receipt handle "r1" is not valid.',
        SenderFault: true,
      },
      { Id: '3', Code: 'InternalError', SenderFault: false },
    ],
  };
  const expected = [
    { ok: true },
    { ok: false, error: { kind: 'lease-lost', retryable: false } },
    { ok: true },
    { ok: false, error: { kind: 'service', retryable: true } },
    { ok: false, error: { code: 'NoAnswerForEntry', retryable: true } },
  ];
  const five = ['r0', 'r1', 'r2', 'r3', 'r4'].map(delivery);

  it('reports one outcome per entry of a delete', async () => {
    server.on('DeleteMessageBatch', { json: answer });
    const arrival = server.log.arrival('DeleteMessageBatch');
    const outcomes = await queue.acknowledge(five);
    expect(outcomes).toMatchObject(expected);
    expect(JSON.stringify(outcomes.map((outcome) => (outcome.ok ? '' : outcome.error.message)))).not.toMatch(/\br1\b/);
    expect((await arrival).body.Entries).toEqual(
      five.map(({ receipt }, at) => ({ Id: `${at}`, ReceiptHandle: receipt })),
    );
  });

  it('reports one outcome per entry of a visibility change', async () => {
    server.on('ChangeMessageVisibilityBatch', { json: answer });
    const arrival = server.log.arrival('ChangeMessageVisibilityBatch');
    expect(await queue.release(five.map((message, seconds) => ({ message, seconds, cause: 'failed' })))).toMatchObject(
      expected,
    );
    expect((await arrival).body.Entries).toEqual(
      five.map(({ receipt }, at) => ({ Id: `${at}`, ReceiptHandle: receipt, VisibilityTimeout: at })),
    );
  });

  it('sends two entries for a message that is deleted twice in a batch', async () => {
    server.on('DeleteMessageBatch', { json: { Successful: [{ Id: '0' }, { Id: '1' }] } });
    expect(await queue.acknowledge([delivery('r'), delivery('r')])).toEqual([{ ok: true }, { ok: true }]);
  });

  it('counts an entry in both lists as failed', async () => {
    server.on('DeleteMessageBatch', {
      json: { Successful: [{ Id: '0' }], Failed: [{ Id: '0', Code: 'InternalError' }] },
    });
    expect(await queue.acknowledge([delivery('r')])).toMatchObject([{ ok: false, error: { retryable: true } }]);
  });
});
