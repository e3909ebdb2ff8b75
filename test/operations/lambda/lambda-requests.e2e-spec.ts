import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RejectEventException, RetryEventException } from 'nestjs-sqs-thrift';
import type { LambdaHandler, LambdaQueueOptions, LambdaRecord } from 'nestjs-sqs-thrift/lambda';
import { type EmbeddedQueue, type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { startSqsFake } from '../../fakes/sqs/sqs-fake.js';
import { bodyOf, Desk } from './backup-function.js';
import { contextOf, eventOf, toRecord } from './event-records.js';
import { closeFunctions, failing, failures, functionOf } from './functions.js';

let sqs: EmbeddedSqs;
let client: SQSClient;
let count = 0;

beforeAll(async () => {
  sqs = await startEmbeddedSqs();
  const { endpoint, region, credentials } = sqs;
  client = new SQSClient({ endpoint, region, credentials });
});
afterEach(closeFunctions);
afterAll(async () => {
  client.destroy();
  await sqs.stop();
});

const newQueue = (): Promise<EmbeddedQueue & { readonly deadLetterQueue: EmbeddedQueue }> =>
  sqs.createQueue(`requests-${(count += 1)}`, { deadLetterQueue: true });

async function send(QueueUrl: string, body: string, group?: string, requests = client): Promise<void> {
  const fifo = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: body };
  await requests.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...fifo }));
}

/** Receives as the event source does. */
async function received({ url, arn }: Pick<EmbeddedQueue, 'url' | 'arn'>, requests = client): Promise<LambdaRecord[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: 10,
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  const { Messages = [] } = await requests.send(command);
  return Messages.map((message) => toRecord(message, arn));
}

/** Creates a function of a queue, with access to it. */
function functionOn(queue: EmbeddedQueue, desk: Desk, options: Partial<LambdaQueueOptions> = {}): LambdaHandler {
  return functionOf(desk, { ...access(), queue: queue.name, ...options });
}

function access(): Pick<EmbeddedSqs, 'endpoint' | 'region' | 'credentials'> {
  const { endpoint, region, credentials } = sqs;
  return { endpoint, region, credentials };
}

const invoke = (handler: LambdaHandler, records: readonly LambdaRecord[]): Promise<object> =>
  handler(eventOf(...records), contextOf(20_000));

describe('a function that may change the visibility', () => {
  it('makes a failed message visible after its delay', async () => {
    const queue = await newQueue();
    const desk = new Desk();
    desk.handler = () => {
      throw new RetryEventException(0);
    };
    await send(queue.url, bodyOf('alice'));
    const records = await received(queue);
    expect(await invoke(functionOn(queue, desk, { changeVisibility: true }), records)).toEqual(failures(...records));
    expect(await received(queue)).toMatchObject([{ attributes: { ApproximateReceiveCount: '2' } }]);
  });

  it('leaves a failed message to the visibility timeout by default', async () => {
    const queue = await newQueue();
    const desk = new Desk();
    desk.handler = () => {
      throw new RetryEventException(0);
    };
    await send(queue.url, bodyOf('alice'));
    const records = await received(queue);
    expect(await invoke(functionOn(queue, desk), records)).toEqual(failures(...records));
    expect(await received(queue)).toEqual([]);
  });

  it('makes the messages behind a failed one of a FIFO queue visible at once, without sqs:GetQueueUrl', async () => {
    // Unlike the embedded server it returns several messages of a group together, as SQS does.
    const fake = await startSqsFake();
    try {
      const url = fake.createQueue('group.fifo');
      const { endpoint, region, credentials } = fake;
      const requests = new SQSClient({ endpoint, region, credentials });
      for (let at = 0; at < 4; at += 1) await send(url, bodyOf(`u${at}`), 'group', requests);
      const queue = { url, arn: 'arn:aws:sqs:us-east-1:000000000000:group.fifo' };
      const records = await received(queue, requests);
      expect(records).toHaveLength(4);
      const desk = failing('u0');
      fake.on('GetQueueUrl', { error: 'AccessDenied', status: 403 });
      const access = { endpoint, region, credentials, queue: 'group.fifo' };
      const handler = functionOf(desk, {
        ...access,
        changeVisibility: true,
        concurrency: 1,
        retry: { baseSeconds: 0 },
      });
      expect(await invoke(handler, records)).toEqual(failures(...records));
      expect(desk.lines).toEqual(['u0']);
      const again = await received(queue, requests);
      expect(again.map(({ messageId }) => messageId)).toEqual(records.map(({ messageId }) => messageId));
      requests.destroy();
    } finally {
      await fake.stop();
    }
  });

  it('makes what has not started visible at the end of its time', async () => {
    const queue = await newQueue();
    const desk = new Desk();
    desk.handler = (_userId, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    for (let at = 0; at < 8; at += 1) await send(queue.url, bodyOf(`u${at}`));
    const records = await received(queue);
    const handler = functionOf(
      desk,
      {
        ...access(),
        queue: queue.name,
        changeVisibility: true,
        concurrency: 1,
        retry: { baseSeconds: 3_600, maxSeconds: 3_600, jitter: 0 },
      },
      { answerBeforeMs: 4_000 },
    );
    await handler.ready();
    expect(await handler(eventOf(...records), contextOf(4_100))).toEqual(failures(...records));
    expect(desk.lines).toHaveLength(1);
    // All but the message of the aborted handler, which waits for its delay.
    expect(await received(queue)).toHaveLength(records.length - 1);
  });

  it('keeps a failed message if the request fails', async () => {
    const queue = await newQueue();
    await send(queue.url, bodyOf('alice'));
    const records = await received(queue);
    const refused = {
      changeVisibility: true,
      drainTimeoutMs: 50,
      endpoint: 'http://127.0.0.1:9',
      timeouts: { openMs: 1_000 },
    };
    const handler = functionOn(queue, failing('alice'), refused);
    expect(await handler(eventOf(...records), contextOf(1_500))).toEqual(failures(...records));
  });
});

describe('a function that may send', () => {
  it('sends the failed calls of a body again, and lets the body go', async () => {
    const queue = await newQueue();
    await send(queue.url, bodyOf('alice', 'bob', 'carol'));
    const handler = functionOn(queue, failing('bob'), { resend: true, retry: { baseSeconds: 0 } });
    expect(await invoke(handler, await received(queue))).toEqual(failures());
    expect(await received(queue)).toMatchObject([{ body: bodyOf('bob') }]);
  });

  it('copies a rejected message to the dead-letter queue, and lets the message go', async () => {
    const queue = await newQueue();
    const desk = new Desk();
    desk.handler = () => {
      throw new RejectEventException('no such user');
    };
    await send(queue.url, bodyOf('alice'));
    const poison = { poisonPolicy: 'dead-letter', deadLetterQueue: queue.deadLetterQueue.name } as const;
    expect(await invoke(functionOn(queue, desk, poison), await received(queue))).toEqual(failures());
    expect(await received(queue.deadLetterQueue)).toMatchObject([{ body: bodyOf('alice') }]);
  });

  it('keeps a rejected message if it cannot be copied', async () => {
    const queue = await newQueue();
    await send(queue.url, 'no thrift');
    const records = await received(queue);
    const poison = { poisonPolicy: 'dead-letter', deadLetterQueue: 'missing' } as const;
    expect(await invoke(functionOn(queue, new Desk(), poison), records)).toEqual(failures(...records));
  });
});
