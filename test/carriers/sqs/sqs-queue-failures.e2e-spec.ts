import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Queue } from '../../../lib/queue/queue.js';
import type { Reply } from '../../fakes/sqs/replies.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { delivery, openFake, startFake } from './open-fake.js';

describe('a request to SQS that fails', () => {
  let server: SqsFake;
  let queue: Queue;
  beforeEach(async () => {
    server = await startFake();
    queue = await openFake(server);
  });
  /** Short deadlines only where silence is to reach them: they include the pause before the SDK's second attempt. */
  const openImpatient = async (): Promise<void> => {
    await queue.close();
    queue = await openFake(server, { timeouts: { requestMs: 300, receiveExtraMs: 300 } });
  };
  afterEach(async () => {
    await queue.close();
    await server.stop();
  });

  const verbs: [string, string, () => Promise<unknown>][] = [
    ['send', 'SendMessageBatch', () => queue.send([{ body: 'a' }])],
    ['receive', 'ReceiveMessage', () => queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 })],
    ['delete', 'DeleteMessageBatch', () => queue.acknowledge([delivery('r')])],
    [
      'extend',
      'ChangeMessageVisibilityBatch',
      () => queue.release([{ message: delivery('r'), seconds: 0, cause: 'failed' }]),
    ],
  ];

  it.each(verbs)('%s rejects at its deadline when the queue does not answer', async (_, action, verb) => {
    await openImpatient();
    server.on(action, 'hang');
    const started = performance.now();
    await expect(verb()).rejects.toMatchObject({ code: 'NoAnswer', kind: 'network', retryable: true });
    const took = performance.now() - started;
    expect(took).toBeGreaterThanOrEqual(290);
    // Far below the default of 10 s.
    expect(took).toBeLessThan(5000);
  });

  it.each(verbs)('%s rejects when the queue is closed before the answer', async (_, action, verb) => {
    server.on(action, 'hang');
    const arrival = server.log.arrival(action);
    const request = verb();
    void arrival.then(() => queue.close());
    await expect(request).rejects.toMatchObject({ code: 'QueueClosed', kind: 'closed' });
  });

  it('fails a receive only after its wait time and the extra time', async () => {
    await openImpatient();
    server.on('ReceiveMessage', 'hang');
    const started = performance.now();
    await expect(queue.receive({ max: 1, waitSeconds: 1, visibilityTimeoutSeconds: 30 })).rejects.toMatchObject({
      code: 'NoAnswer',
    });
    expect(performance.now() - started).toBeGreaterThanOrEqual(1290);
  });

  it.each<[string, Reply, object]>([
    [
      'JSON cut short',
      { text: '{"Messages":[{"Bo', status: 200 },
      { code: 'BrokenAnswer', kind: 'network', retryable: true },
    ],
    [
      'an HTML page',
      { text: '<html>Bad gateway</html>', status: 502, contentType: 'text/html' },
      { code: 'Http502', kind: 'service', retryable: true },
    ],
    ['a reset', 'reset', { code: 'ECONNRESET', kind: 'network', retryable: true }],
    [
      'a missing queue',
      { error: 'QueueDoesNotExist', query: 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
      { code: 'QueueDoesNotExist', kind: 'missing-queue', retryable: false },
    ],
    [
      'too many messages in flight',
      { error: 'OverLimit', status: 403 },
      { code: 'OverLimit', kind: 'over-limit', retryable: true },
    ],
    [
      'an internal failure',
      { error: 'InternalFailure', status: 500 },
      { code: 'InternalFailure', kind: 'service', retryable: true },
    ],
  ])('turns %s into a QueueError', async (_, reply, expected) => {
    server.on('ReceiveMessage', reply);
    await expect(queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 })).rejects.toMatchObject({
      queue: 'q',
      ...expected,
    });
  });

  it('retries one failure silently and reports a second failure', async () => {
    let calls = 0;
    server.on('DeleteMessageBatch', () => (++calls === 1 ? 'reset' : { json: { Successful: [{ Id: '0' }] } }));
    expect(await queue.acknowledge([delivery('r')])).toEqual([{ ok: true }]);
    server.on('DeleteMessageBatch', 'reset');
    await expect(queue.acknowledge([delivery('r')])).rejects.toMatchObject({ kind: 'network' });
    expect(server.log.requests.filter(({ action }) => action === 'DeleteMessageBatch')).toHaveLength(4);
  });

  it('leaves the receipt handle out of the error message', async () => {
    const bad = {
      error: 'InvalidParameterValue',
      message: 'Value secret-handle for parameter ReceiptHandle is invalid.',
    };
    server.on('DeleteMessageBatch', bad);
    const error: unknown = await queue.acknowledge([delivery('secret-handle')]).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('ReceiptHandle');
    expect(String(error)).not.toContain('secret-handle');
  });
});
