import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomStrategy, EventPattern } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, ServerSqsThrift, type ServerSqsThriftOptions } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import type { SqsThriftInstrumentationConfig } from 'nestjs-sqs-thrift/opentelemetry';
import { openSqsQueue, type WireMessage } from 'nestjs-sqs-thrift/port';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { type SqsFake, startSqsFake } from '../fakes/sqs/sqs-fake.js';
import { linkedBy, RecordedSpans, traceparentOf } from '../operations/opentelemetry/recorded-spans.js';
import { closeAll, closeLater } from './harness.js';

const News = findService(
  loadSchemaFromText('service News { oneway void post(1: i32 id) }', { fileName: 'news.thrift' }),
  'News',
);

@Controller()
class NewsController {
  @EventPattern<string>('post')
  post(): void {
    // The spans alone count.
  }
}
@Module({ controllers: [NewsController] })
class NewsModule {}

let spans: RecordedSpans;
beforeEach(() => void (spans = new RecordedSpans()));
afterEach(async () => {
  await closeAll();
  await spans.shutdown();
});

type Access = Pick<EmbeddedSqs, 'endpoint' | 'region' | 'credentials'>;
const accessTo = ({ endpoint, region, credentials }: Access): Access => ({ endpoint, region, credentials });

async function startWorker(access: Access, queue: string, options: Partial<ServerSqsThriftOptions> = {}) {
  const strategy = new ServerSqsThrift({ ...accessTo(access), queue, service: News, waitTimeSeconds: 1, ...options });
  const app = closeLater(await NestFactory.createMicroservice<CustomStrategy>(NewsModule, { strategy, logger: false }));
  await app.listen();
}

describe('the trace of a call to a topic', () => {
  let sqs: EmbeddedSqs;
  let topic: string;
  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
    topic = await sqs.createTopic('news');
    for (const name of ['raw', 'wrapped']) {
      const { arn } = await sqs.createQueue(name);
      await sqs.subscribe(topic, arn, { raw: name === 'raw' });
    }
  });
  afterAll(() => sqs.stop());

  /** Emits calls in traces of their own, and returns the traceparent of each process span's links, by queue. */
  async function fanOut(count: number, config: SqsThriftInstrumentationConfig = {}) {
    spans.configure(config);
    await startWorker(sqs, 'raw');
    await startWorker(sqs, 'wrapped', { envelope: { type: 'sns', topics: [topic], verify: false } });
    const client = closeLater(new ClientSqsThrift({ ...accessTo(sqs), service: News, topic }));
    const ids = Array.from({ length: count }, (_, id) => id);
    await Promise.all(ids.map((id) => spans.inSpan(`request ${id}`, () => lastValueFrom(client.emit('post', { id })))));
    const created = spans.of('create');
    const processed = await spans.until('process', 2 * count);
    return { created, on: (queue: string) => processed.filter(({ name }) => name === `process ${queue}`) };
  }

  it('is linked by the process span of every queue, raw or in an envelope', async () => {
    const { created, on } = await fanOut(3);
    const contexts = created.map((span) => [traceparentOf(span.spanContext())]);
    expect(new Set(contexts.flat()).size).toBe(3);
    expect(created.map(({ name, attributes }) => [name, attributes['messaging.system.name']])).toEqual(
      contexts.map(() => ['create news', 'aws.sns']),
    );
    for (const queue of ['raw', 'wrapped']) {
      const processed = on(queue);
      expect(processed.map(linkedBy).sort()).toEqual([...contexts].sort());
      for (const { attributes, parentSpanContext } of processed) {
        expect(attributes['messaging.system.name']).toBe('aws.sqs');
        expect(parentSpanContext).toBeUndefined();
      }
    }
  });

  it('goes on in both queues with consumerTrace parent', async () => {
    const { created, on } = await fanOut(1, { consumerTrace: 'parent' });
    const { spanId, traceId } = created[0]!.spanContext();
    for (const queue of ['raw', 'wrapped']) {
      const [processed] = on(queue);
      expect(processed!.parentSpanContext?.spanId).toBe(spanId);
      expect(processed!.spanContext().traceId).toBe(traceId);
    }
  });
});

describe('the header AWSTraceHeader of a message', () => {
  let fake: SqsFake;
  beforeEach(async () => {
    fake = await startSqsFake();
    fake.createQueue('jobs');
  });
  afterEach(async () => {
    // A fake that stops waits for the receives of the worker.
    await closeAll();
    await fake.stop();
  });

  const OF_EMIT = '00-11111111111111111111111111111111-1111111111111111-01';
  const OF_XRAY = '00-22222222222222222222222222222222-2222222222222222-01';
  const HEADER = 'Root=1-22222222-222222222222222222222222;Parent=2222222222222222;Sampled=1';
  const CALL = createEventCodec([News])
    .encode({ method: 'post', args: { id: 1 } })
    .toString('base64');
  const TOPIC = 'arn:aws:sns:us-east-1:000000000000:news';
  const NOTIFICATION = JSON.stringify({
    Type: 'Notification',
    TopicArn: TOPIC,
    Message: CALL,
    MessageAttributes: { traceparent: { Type: 'String', Value: OF_EMIT } },
  });

  it('has the context of the emit, as the attribute traceparent has', async () => {
    const client = closeLater(new ClientSqsThrift({ ...accessTo(fake), service: News, queue: 'jobs' }));
    await spans.inSpan('request', () => lastValueFrom(client.emit('post', { id: 1 })));
    const [message] = fake.messages('jobs');
    const { traceId, spanId } = spans.of('create')[0]!.spanContext();
    expect(message!.traceHeader).toBe(`Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=1`);
    expect(Object.keys(message!.attributes)).toEqual(['traceparent']);
  });

  it.each<[title: string, message: WireMessage, envelope: boolean, context: string]>([
    ['counts on its own', { body: CALL }, false, OF_XRAY],
    ['yields to traceparent', { body: CALL, attributes: { traceparent: OF_EMIT } }, false, OF_EMIT],
    ['yields to traceparent in an envelope, as active tracing of SNS adds it', { body: NOTIFICATION }, true, OF_EMIT],
  ])('%s', async (_, message, envelope, traceparent) => {
    const queue = closeLater(await openSqsQueue({ ...accessTo(fake), queue: 'jobs' }));
    await queue.send([{ ...message, traceHeader: HEADER }]);
    await startWorker(fake, 'jobs', envelope ? { envelope: { type: 'sns', topics: [TOPIC], verify: false } } : {});
    const [processed] = await spans.until('process', 1);
    expect(linkedBy(processed!)).toEqual([traceparent]);
  });
});
