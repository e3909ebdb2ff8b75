import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import type { QueueError } from '../../../lib/queue/queue-error.js';
import type { Queue } from '../../../lib/queue/queue.js';
import type { Reply } from '../../fakes/sqs/replies.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { delivery, openFake, startFake } from './open-fake.js';

const now = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

/** Errors that the Query protocol names differently (API Reference of Amazon SQS). */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  KmsThrottled: 'KMS.ThrottlingException',
};
const BYTES = { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 255) };

describe('the lean data path and that of the SDK', () => {
  let fake: SqsFake;
  beforeEach(async () => void (fake = await startFake()));
  afterEach(() => fake.stop());

  /** Runs the same task over both data paths. */
  async function onBoth<T>(
    task: (queue: Queue) => Promise<T>,
    client: SQSClientConfig = {},
  ): Promise<[lean: T, sdk: T]> {
    const results: T[] = [];
    for (const dataPath of ['lean', 'sdk'] as const) {
      const queue = await openFake(fake, { dataPath, client });
      results.push(await task(queue));
      await queue.close();
    }
    return results as [T, T];
  }

  const json = (data: object): string => JSON.stringify(data);
  const codes = [
    'QueueDoesNotExist',
    'AccessDeniedException',
    'ExpiredToken',
    'InvalidClientTokenId',
    'RequestThrottled',
    'ThrottlingException',
    'OverLimit',
    'KmsThrottled',
    'InternalError',
    'ServiceUnavailable',
    'InvalidParameterValue',
    'ReceiptHandleIsInvalid',
  ];
  const failures: [what: string, reply: Reply, client?: SQSClientConfig][] = [
    ...[400, 403, 404, 408, 413, 429, 500, 501, 502, 503, 504].flatMap((status): [string, Reply][] => [
      [`the status ${status} with a web page`, { status, text: '<html>error</html>' }],
      [`the status ${status} without a body`, { status, text: '' }],
      [`the status ${status} with an unknown code`, { status, text: json({ __type: 'com.amazonaws.sqs#Odd' }) }],
    ]),
    ...codes.flatMap((code): [string, Reply][] => [
      [`the code ${code}`, { error: code, message: `text of ${code}` }],
      [`the code ${code} with that of the Query protocol`, { error: code, query: QUERY_CODES[code] ?? code }],
      [`the code ${code} in the body alone`, { status: 400, text: json({ __type: `com.amazonaws.sqs#${code}` }) }],
    ]),
    ['a code with an address', { status: 400, text: json({ __type: 'AccessDenied:http://internal/', Message: 'no' }) }],
    ['an answer that is cut short', { status: 200, text: '{"Successful":[' }],
    ['an answer that is a web page', { status: 200, text: '<html>hello</html>' }],
    ['no code at all', { status: 400, text: '{}' }],
    ['an error that is a list', { status: 400, text: '[]' }],
    ['a reset', 'reset'],
    ['three attempts', { status: 503, text: '' }, { maxAttempts: 3 }],
    ['three resets', 'reset', { maxAttempts: 3 }],
    ['one attempt', { status: 503, text: '' }, { maxAttempts: 1 }],
    ['the adaptive mode', { status: 503, text: '' }, { retryMode: 'adaptive' }],
  ];
  it.each(failures)('fail alike, after as many attempts: %s', async (...[, reply, client]) => {
    fake.on('DeleteMessageBatch', reply);
    const requests = (): number => fake.log.count('DeleteMessageBatch').requests;
    const [lean, sdk] = await onBoth(async (queue) => {
      const before = requests();
      const error = await queue.acknowledge([delivery('r')]).catch((failure: QueueError) => failure);
      const { code, kind, message, retryable } = error as QueueError;
      return { code, kind, message, retryable, attempts: requests() - before };
    }, client);
    expect(lean).toEqual(sdk);
  });

  it('send the same requests', async () => {
    fake.createQueue('q');
    const [lean, sdk] = await onBoth(async (queue) => {
      const before = fake.log.requests.length;
      await queue.send([
        { body: 'é😀\n"\\', attributes: { a: 'b', n: '1' }, numbers: ['n'], delaySeconds: 0 },
        { body: 'x', original: { ...delivery('o'), raw: { MessageAttributes: { bytes: BYTES } } } },
      ]);
      await queue.receive({ ...now, waitSeconds: 1 });
      await queue.release([{ message: delivery('r1'), seconds: 30, cause: 'failed' }]);
      await queue.acknowledge([delivery('r2'), delivery('r3')]);
      return fake.log.requests.slice(before).map(({ action, body }) => ({ action, body }));
    });
    expect(lean.map(({ action }) => action)).toEqual([
      'SendMessageBatch',
      'ReceiveMessage',
      'ChangeMessageVisibilityBatch',
      'DeleteMessageBatch',
    ]);
    expect(lean).toEqual(sdk);
  });

  it('send the trace header of Lambda, by which AWS detects endless loops, with each request of an invocation', async () => {
    fake.createQueue('q');
    const traces = (): unknown[] =>
      fake.log.requests
        .filter(({ action }) => action === 'DeleteMessageBatch')
        .map(({ headers }) => headers['x-amzn-trace-id']);
    const invoke = async (queue: Queue, trace: string | undefined): Promise<void> => {
      if (trace === undefined) delete process.env._X_AMZN_TRACE_ID;
      else process.env._X_AMZN_TRACE_ID = trace;
      await queue.acknowledge([delivery('r')]);
    };
    process.env.AWS_LAMBDA_FUNCTION_NAME = 'orders';
    try {
      const [lean, sdk] = await onBoth(async (queue) => {
        const before = traces().length;
        for (const trace of ['Root=1-1-1', 'Root=1-2-2', '', undefined]) await invoke(queue, trace);
        return traces().slice(before);
      });
      expect(lean).toEqual(['Root=1-1-1', 'Root=1-2-2', undefined, undefined]);
      expect(sdk).toEqual(lean);
    } finally {
      delete process.env.AWS_LAMBDA_FUNCTION_NAME;
      delete process.env._X_AMZN_TRACE_ID;
    }
  });

  it('return the same messages', async () => {
    const Messages = [
      {
        MessageId: 'm',
        ReceiptHandle: 'r',
        Body: 'é😀',
        Attributes: { ApproximateReceiveCount: '2', SentTimestamp: '1700000000000', AWSTraceHeader: 'Root=1-2-3' },
        MessageAttributes: {
          a: { DataType: 'String', StringValue: 'b' },
          bytes: { DataType: 'Binary', BinaryValue: 'AQL/' },
        },
      },
    ];
    fake.on('ReceiveMessage', { json: { Messages } });
    const [lean, sdk] = await onBoth(async (queue) => {
      const [message] = await queue.receive(now);
      const { receivedAt, raw, ...rest } = message!;
      expect(receivedAt).toBeGreaterThan(0);
      const { MessageAttributes } = raw as { readonly MessageAttributes: Record<string, { BinaryValue?: Uint8Array }> };
      return { ...rest, bytes: [...MessageAttributes.bytes!.BinaryValue!] };
    });
    expect(lean).toEqual(sdk);
    expect(lean.bytes).toEqual([1, 2, 255]);
  });
});
