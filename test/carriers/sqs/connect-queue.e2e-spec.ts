import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import type { QueueError } from '../../../lib/queue/queue-error.js';
import type { Fault, ScriptedRequest } from '../../fakes/sqs/faults.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { useBareEnvironment } from './bare-environment.js';

const now = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };
const ARN = 'arn:aws:sqs:us-east-1:123456789012:q';

useBareEnvironment();

let fake: SqsFake;
beforeEach(async () => {
  fake = await startSqsFake();
  fake.createQueue('q');
});
afterEach(() => fake.stop());

const missing: Fault = { kind: 'error', error: 'QueueDoesNotExist' };
const denied: Fault = { kind: 'error', error: 'AccessDenied', status: 403 };

/** Allows a caller of another account some actions. SQS hides the URL of the queue from such a caller. */
function allow(...actions: readonly string[]): void {
  fake.faults = ({ action }: ScriptedRequest) => {
    if (actions.includes(action)) return undefined;
    return action === 'GetQueueUrl' ? missing : denied;
  };
}

const open = () => openSqsQueue({ queue: ARN, endpoint: fake.endpoint, credentials: fake.credentials });

describe('a queue of another account, given by its ARN', () => {
  it.each([
    ['GetQueueUrl answers that it does not exist', missing],
    ['GetQueueUrl is denied', denied],
  ])('opens for a producer that may send only: %s', async (_, refusal) => {
    fake.faults = ({ action }) =>
      action === 'SendMessageBatch' ? undefined : action === 'GetQueueUrl' ? refusal : denied;
    const queue = await open();
    expect(await queue.send([{ body: 'x' }])).toMatchObject([{ ok: true }]);
    expect(fake.stored('q')).toHaveLength(1);
    expect(queue.redrive).toBe('unknown');
    await queue.close();
  });

  it('opens for a worker that may receive and delete only', async () => {
    fake.send('q', { body: 'x', attributes: {} });
    allow('ReceiveMessage', 'DeleteMessageBatch');
    const queue = await open();
    const messages = await queue.receive(now);
    expect(await queue.acknowledge(messages)).toEqual([{ ok: true }]);
    await queue.close();
  });

  it('opens with its limits for a caller that may read its attributes', async () => {
    allow('GetQueueAttributes');
    const queue = await open();
    expect(queue.redrive).toBeUndefined();
    expect(fake.log.requests.map(({ action }) => action)).toEqual(['GetQueueUrl', 'GetQueueAttributes']);
    await queue.close();
  });

  it('stores nothing while it opens', async () => {
    allow('SendMessageBatch', 'DeleteMessageBatch');
    await (await open()).close();
    expect(fake.stored('q')).toEqual([]);
  });

  it.each<[what: string, fault: Fault, kind: string]>([
    ['denies everything', denied, 'missing-queue'],
    ['has no such queue', missing, 'missing-queue'],
  ])('names its URL if SQS %s', async (_, fault, kind) => {
    fake.faults = ({ action }) => (action === 'GetQueueUrl' ? missing : fault);
    const error = await open().catch((thrown: QueueError) => thrown);
    expect(error).toMatchObject({ code: 'QueueDoesNotExist', kind, retryable: false });
    expect((error as QueueError).message).toBe(
      `QueueDoesNotExist: there is no queue "q" (region us-east-1, endpoint ${fake.endpoint}). Create it, or check its name, region and account; ` +
        `AWS gives the same answer for a queue that the caller may not see. The URL of the queue would be ${fake.endpoint}/123456789012/q; ` +
        'if the queue is there, let its policy allow sqs:SendMessage or sqs:ReceiveMessage to this caller.',
    );
  });

  it.each<[what: string, fault: Fault, kind: string]>([
    ['throttles', { kind: 'error', error: 'RequestThrottled' }, 'throttled'],
    ['fails', { kind: 'error', error: 'InternalFailure', status: 500 }, 'service'],
    ['resets the connection', { kind: 'reset' }, 'network'],
  ])('fails with the error of the moment if SQS %s', async (_, fault, kind) => {
    fake.faults = ({ action }) => (action === 'GetQueueUrl' ? missing : action === 'SendMessageBatch' ? fault : denied);
    await expect(open()).rejects.toMatchObject({ kind, retryable: true });
    fake.faults = () => fault;
    await expect(open()).rejects.toMatchObject({ kind, retryable: true });
  });

  it('fails within the timeout if SQS does not answer at any step', async () => {
    for (const step of ['GetQueueUrl', 'GetQueueAttributes', 'SendMessageBatch', 'DeleteMessageBatch']) {
      fake.faults = ({ action }) => (action === step ? { kind: 'hang' } : action === 'GetQueueUrl' ? missing : denied);
      const options = { queue: ARN, endpoint: fake.endpoint, credentials: fake.credentials, timeouts: { openMs: 300 } };
      await expect(openSqsQueue(options)).rejects.toThrow(`did not answer ${step} within 300 ms`);
    }
  });
});

describe('a credential provider that fails', () => {
  it.each<[what: string, error: unknown, kind: string, code: string]>([
    ['an error of its own', new Error('the vault is sealed'), 'credentials', 'CredentialsProviderError'],
    ['a text', 'sealed', 'credentials', 'CredentialsProviderError'],
    ['a network failure', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'network', 'ECONNREFUSED'],
    [
      'an expired token',
      Object.assign(new Error('x'), { name: 'ExpiredTokenException' }),
      'credentials',
      'ExpiredTokenException',
    ],
  ])('is retryable, and no failure of the request: %s', async (_, error, kind, code) => {
    const options = { queue: 'q', endpoint: fake.endpoint, region: fake.region };
    const opening = openSqsQueue({ ...options, credentials: () => Promise.reject(error) });
    await expect(opening).rejects.toMatchObject({ kind, code, retryable: true });
    let fails = false;
    const credentials = async () => {
      if (fails) throw error;
      return { ...fake.credentials, expiration: new Date(0) };
    };
    const queue = await openSqsQueue({ ...options, credentials });
    fails = true;
    await expect(queue.send([{ body: 'x' }])).rejects.toMatchObject({ kind, code, retryable: true });
    await queue.close();
  });
});
