import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { SqsThriftInstrumentation } from 'nestjs-sqs-thrift/opentelemetry';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { closeAll } from '../../nest/harness.js';
import { RecordedSpans } from './recorded-spans.js';
import { FAILING, runCase } from './span-case.js';

let sqs: EmbeddedSqs;
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
});
afterAll(() => sqs.stop());

let spans: RecordedSpans;
beforeEach(() => void (spans = new RecordedSpans()));
afterEach(async () => {
  await closeAll();
  await spans.shutdown();
});

describe('the attributes of the spans of a call', () => {
  it('are those of the conventions, in both spellings of the system, and those of this package', async () => {
    await runCase(sqs, spans, { requests: { A: [FAILING + 10] }, deliveries: 2, lines: [] });
    const [created] = spans.of('create');
    const name = String(created!.attributes['messaging.destination.name']);
    const url = new URL(sqs.endpoint);
    const common = (operation: string, type = operation): object => ({
      'messaging.system': 'aws_sqs',
      'messaging.system.name': 'aws.sqs',
      'messaging.operation.name': operation,
      'messaging.operation.type': type,
      'messaging.destination.name': name,
      'aws.sqs.queue.url': expect.stringMatching(new RegExp(`^http://.+/${name}$`)),
      'server.address': expect.any(String),
      'server.port': Number(url.port),
    });
    const id = created!.attributes['messaging.message.id'];
    const call = { 'thrift.service': 'Jobs', 'thrift.method': 'run' };
    const one = { 'messaging.batch.message_count': 1, 'messaging.message.id': id };
    const attributesOf = (operation: string): unknown[] => spans.of(operation).map(({ attributes }) => attributes);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(attributesOf('create')).toEqual([{ ...common('create'), ...call, 'messaging.message.id': id }]);
    expect(attributesOf('send')).toEqual([{ ...common('send'), 'messaging.batch.message_count': 1 }]);
    expect(attributesOf('receive')).toEqual([1, 2].map(() => ({ ...common('receive'), ...one })));
    const handled = { ...common('process'), ...call, 'messaging.message.id': id };
    expect(attributesOf('process')).toEqual([
      {
        ...handled,
        'error.type': 'RangeError',
        'nestjs_sqs_thrift.receive_count': 1,
        'nestjs_sqs_thrift.outcome': 'retry',
        'nestjs_sqs_thrift.retry_delay': expect.any(Number),
      },
      { ...handled, 'nestjs_sqs_thrift.receive_count': 2, 'nestjs_sqs_thrift.outcome': 'ack' },
    ]);
    expect(attributesOf('release')).toEqual([{ ...common('release', 'settle'), ...one }]);
    expect(attributesOf('ack')).toEqual([{ ...common('ack', 'settle'), ...one }]);
    expect(spans.of('process').map(({ events }) => events.map((event) => event.name))).toEqual([['exception'], []]);
  });

  it('are known to a sampler at the start: system, operation and destination', async () => {
    await runCase(sqs, spans, { requests: { A: [1] }, deliveries: 1, lines: [] });
    const started = new Map(spans.started.map(({ name, attributes }) => [name.split(' ', 1)[0], attributes]));
    for (const operation of ['create', 'send', 'process', 'receive', 'ack']) {
      expect(started.get(operation)).toMatchObject({
        'messaging.system': 'aws_sqs',
        'messaging.operation.name': operation,
        'messaging.destination.name': expect.stringMatching(/^jobs-/),
      });
    }
  });
});

describe('the instrumentation', () => {
  it('states the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const instrumentation = new SqsThriftInstrumentation({ enabled: false });
    expect(instrumentation.instrumentationVersion).toBe(version);
  });

  it('makes no span before an SDK is registered, and all spans from then on', async () => {
    await spans.shutdown();
    const early = new SqsThriftInstrumentation();
    try {
      expect(trace.getActiveSpan()).toBeUndefined();
      spans = new RecordedSpans({ enabled: false });
      const lines = await runCase(sqs, spans, {
        config: { enabled: false },
        requests: { A: [1] },
        deliveries: 1,
        lines: [],
      });
      expect(lines.filter((each) => each.startsWith('process q'))).toHaveLength(1);
    } finally {
      early.disable();
    }
  });

  it('refuses unknown options and wrong values', () => {
    const of = (config: object) => () => new SqsThriftInstrumentation(config);
    expect(of({ consumerTraces: 'link' })).toThrow(/unknown option consumerTraces; did you mean consumerTrace\?/);
    expect(of({ consumerTrace: 'child' })).toThrow(/consumerTrace must be 'link' or 'parent'/);
  });
});
