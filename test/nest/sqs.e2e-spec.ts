import { GetQueueUrlCommand, type Message, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, type CustomStrategy, EventPattern, Payload } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ClientSqsThrift,
  ServerSqsThrift,
  type ServerSqsThriftOptions,
  SqsThriftContext,
  SqsThriftRecordBuilder,
} from 'nestjs-sqs-thrift';
import { DEAD_LETTER_ATTRIBUTE, openSqsQueue } from 'nestjs-sqs-thrift/port';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater, Jobs } from './harness.js';

let sqs: EmbeddedSqs;
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
});
afterAll(() => sqs.stop());
afterEach(closeAll);

const access = (): { endpoint: string; region: string; credentials: EmbeddedSqs['credentials'] } => {
  const { endpoint, region, credentials } = sqs;
  return { endpoint, region, credentials };
};

interface Seen {
  readonly data: { job: { id: number } };
  readonly context: SqsThriftContext;
}

/** A worker on a queue of the embedded SQS; `until(n)` waits for n settlements. */
async function startSqsWorker(queue: string, options: Partial<ServerSqsThriftOptions> = {}) {
  const seen: Seen[] = [];
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    run(@Payload() data: Seen['data'], @Ctx() context: SqsThriftContext): void {
      seen.push({ data, context });
    }
  }
  @Module({ controllers: [JobsController] })
  class AppModule {}
  const outcomes: string[] = [];
  const waiting: (() => void)[] = [];
  const strategy = new ServerSqsThrift({ ...access(), queue, service: Jobs, waitTimeSeconds: 1, ...options });
  strategy.on('settled', (event) => {
    outcomes.push(event.outcome);
    for (const wake of waiting.splice(0)) wake();
  });
  const app = closeLater(await NestFactory.createMicroservice<CustomStrategy>(AppModule, { strategy, logger: false }));
  const until = async (count: number): Promise<string[]> => {
    while (outcomes.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return outcomes;
  };
  return { app, seen, until };
}

function clientOf(queue: string): ClientSqsThrift {
  return closeLater(new ClientSqsThrift({ ...access(), queue, service: Jobs }));
}

describe('over SQS', () => {
  it('delivers a call with its context over SQS', async () => {
    const { arn } = await sqs.createQueue('context');
    const worker = await startSqsWorker(arn);
    await worker.app.listen();
    const record = new SqsThriftRecordBuilder({ job: { id: 7 } }).setAttributes({ tenant: 'acme' }).build();
    const id = await lastValueFrom(clientOf('context').emit<string>('run', record));
    expect(await worker.until(1)).toEqual(['ack']);
    const [{ data, context }] = worker.seen as [Seen];
    expect(data.job.id).toBe(7);
    expect(context).toBeInstanceOf(SqsThriftContext);
    expect(context.getMessageId()).toBe(id);
    expect(context.getReceiveCount()).toBe(1);
    expect({ ...context.getAttributes() }).toEqual({ tenant: 'acme' });
    expect(Math.abs(Date.now() - context.getSentAt()!.getTime())).toBeLessThan(60_000);
    expect(context.getMessage<Message>().MessageId).toBe(id);
    expect(context.signal.aborted).toBe(false);
  });

  it('keeps the order inside each group of a FIFO queue', async () => {
    await sqs.createQueue('ordered.fifo', { attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } });
    const worker = await startSqsWorker('ordered.fifo');
    const client = clientOf('ordered.fifo');
    const ids = Array.from({ length: 30 }, (_, id) => id);
    await Promise.all(
      ids.map((id) => {
        const record = new SqsThriftRecordBuilder({ job: { id } }).setGroupId(`group-${id % 3}`).build();
        return lastValueFrom(client.emit('run', record));
      }),
    );
    await expect(lastValueFrom(client.emit('run', { job: { id: 1 } }))).rejects.toThrow(
      'every call needs a message group id',
    );
    await worker.app.listen();
    await worker.until(30);
    for (const group of [0, 1, 2]) {
      const order = worker.seen.map(({ data }) => data.job.id).filter((id) => id % 3 === group);
      expect(order).toEqual(ids.filter((id) => id % 3 === group));
    }
  });

  it('moves poison to the dead-letter queue with its reason and handles the good messages', async () => {
    await sqs.createQueue('poisoned');
    await sqs.createQueue('dead');
    const good = Array.from({ length: 9 }, (_, id) => lastValueFrom(clientOf('poisoned').emit('run', { job: { id } })));
    const client = new SQSClient(access());
    const typed = {
      tenant: { DataType: 'String', StringValue: 'acme' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 0]) },
      number: { DataType: 'Number', StringValue: '7' },
    };
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'poisoned' }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'this is no thrift', MessageAttributes: typed }));
    client.destroy();
    await Promise.all(good);
    const worker = await startSqsWorker('poisoned', { poisonPolicy: 'dead-letter', deadLetterQueue: 'dead' });
    await worker.app.listen();
    expect((await worker.until(10)).sort()).toEqual([...Array<string>(9).fill('ack'), 'reject']);
    const dead = closeLater(await openSqsQueue({ ...access(), queue: 'dead' }));
    const [letter] = await dead.receive({ max: 1, waitSeconds: 1, visibilityTimeoutSeconds: 30 });
    expect(letter!.body).toBe('this is no thrift');
    expect((letter!.raw as Message).MessageAttributes!['bytes']).toMatchObject({
      DataType: 'Binary',
      BinaryValue: new Uint8Array([1, 0]),
    });
    expect((letter!.raw as Message).MessageAttributes!['number']).toMatchObject({
      DataType: 'Number',
      StringValue: '7',
    });
    expect(letter!.attributes['tenant']).toBe('acme');
    expect(JSON.parse(letter!.attributes[DEAD_LETTER_ATTRIBUTE]!)).toMatchObject({
      reason: 'not-base64',
      queue: 'poisoned',
      receiveCount: 1,
    });
  });
});
