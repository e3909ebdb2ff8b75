import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientThriftHttp } from 'nestjs-sqs-thrift/http';
import { lastValueFrom } from 'rxjs';
import { linkedBy, RecordedSpans, traceparentOf } from '../../operations/opentelemetry/recorded-spans.js';
import { ScriptedServer } from '../http/scripted-server.js';
import type { StartedCarrier } from './carrier.js';
import { CARRIERS } from './carriers.js';
import { LAMBDA } from './lambda-carrier.js';
import { Outcomes } from './outcomes-contract.js';
import { RunningApp } from './running-app.js';

let spans: RecordedSpans;
beforeAll(() => void (spans = new RecordedSpans()));
afterAll(() => spans.shutdown());
afterEach(() => {
  spans.configure({});
  spans.reset();
});

/** Emits two calls in traces of their own. Returns the contexts of their create spans by method. */
async function emitTwo(running: RunningApp): Promise<Record<string, string>> {
  await spans.inSpan('first', () => running.emit('failBehindFilter'));
  await spans.inSpan('second', () => running.emit('succeed', { kind: 0 }));
  const created = spans.of('create').map((span) => [methodOf(span), traceparentOf(span.spanContext())]);
  return Object.fromEntries(created) as Record<string, string>;
}

function methodOf({ attributes }: ReadableSpan): string {
  return String(attributes['thrift.method']);
}

const ROWS = [...CARRIERS, LAMBDA].map((carrier) => [carrier.name, carrier] as const);

describe.each(ROWS)('a trace over %s', (_, carrier) => {
  const carries = carrier.features.attributes;
  let started: StartedCarrier;
  let running: RunningApp;
  beforeAll(async () => {
    started = await carrier.start();
    running = await RunningApp.start(carrier, await started.open());
  });
  afterAll(async () => {
    await running?.close();
    await started?.stop();
  });

  it(`has ${carries ? 'a link from each delivery to its emit' : 'no link, and refuses nothing'}`, async () => {
    const created = await emitTwo(running);
    expect(new Set(Object.values(created)).size).toBe(2);
    const processed = await spans.until('process', 3);
    const links = processed.map((span) => [methodOf(span), linkedBy(span)]);
    const expected = ['failBehindFilter', 'failBehindFilter', 'succeed'].map((method) => [
      method,
      carries ? [created[method]] : [],
    ]);
    expect(links.sort()).toEqual(expected);
    expect(processed.map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined, undefined, undefined]);
    expect(new Set(processed.map((span) => span.spanContext().traceId)).size).toBe(3);
    await running.untilSettled(3);
    expect(running.settled.map(({ outcome }) => outcome).sort()).toEqual(['ack', 'ack', 'retry']);
  });

  it(`${carries ? 'continues the trace of the emit' : 'begins anew'} with consumerTrace parent`, async () => {
    spans.configure({ consumerTrace: 'parent' });
    const { traceId } = await spans.inSpan('request', async (request) => {
      await running.emit('succeed', { kind: 0 });
      return request;
    });
    const [processed] = await spans.until('process', 1);
    const [created] = spans.of('create');
    expect(processed!.parentSpanContext?.spanId).toBe(carries ? created!.spanContext().spanId : undefined);
    expect(processed!.spanContext().traceId === traceId).toBe(carries);
  });
});

describe('a trace over HTTP', () => {
  it('travels as the header traceparent of a request', async () => {
    const server = await ScriptedServer.start();
    const client = new ClientThriftHttp({ url: server.url, service: Outcomes });
    await spans.inSpan('request', () => lastValueFrom(client.emit('succeed', { kind: 0 })));
    const [created] = spans.of('create');
    const posted = server.requests.filter(({ method }) => method === 'POST');
    expect(posted.map(({ headers }) => headers['traceparent'])).toEqual([traceparentOf(created!.spanContext())]);
    await client.close();
    await server.close();
  });
});
