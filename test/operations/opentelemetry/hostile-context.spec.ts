import { afterEach, describe, expect, it } from '@jest/globals';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { AlwaysOffSampler, BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { currentTracer } from '#lib/diagnostics/tracer.js';
import { contextOf } from '#lib/operations/opentelemetry/trace-headers.js';
import { SqsThriftInstrumentation } from 'nestjs-sqs-thrift/opentelemetry';
import { Bench } from '../../publish/harness.js';

afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

function registerPropagators(): void {
  const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()];
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
}

describe('the context of a hostile sender', () => {
  it.each([
    ['a line break', 'a=b;x\ny'],
    ['a character beyond ASCII', 'a=b;☃'],
    ['more than 4 096 characters', `a=${'b'.repeat(4_100)}`],
  ])('is not read from a baggage with %s', (_, baggage) => {
    registerPropagators();
    expect(propagation.getBaggage(contextOf({ baggage }, undefined))).toBeUndefined();
  });

  it('is read from a baggage that a header of HTTP may hold', () => {
    registerPropagators();
    const { baggage } = { baggage: 'tenant=alice' };
    expect(propagation.getBaggage(contextOf({ baggage }, undefined))?.getEntry('tenant')?.value).toBe('alice');
  });

  it.each([
    '',
    'Root=1-0-0;Parent=0',
    'x'.repeat(300_000),
    `Root=1-${'0'.repeat(8)}-${'0'.repeat(24)};Parent=${'0'.repeat(16)}`,
  ])('is not read from a trace header that names no span', (header) => {
    expect(contextOf({}, header)).toBe(ROOT_CONTEXT);
  });
});

describe('an instrumentation', () => {
  it('that was disabled before an SDK is registered stays disabled', () => {
    const instrumentation = new SqsThriftInstrumentation();
    instrumentation.disable();
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    expect(currentTracer()).toBeUndefined();
  });

  it('sends no invented context where nothing is recorded', async () => {
    registerPropagators();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ sampler: new AlwaysOffSampler() }));
    const instrumentation = new SqsThriftInstrumentation();
    try {
      const bench = new Bench({ pack: true });
      void bench.publisher.publish({ method: 'text', args: { text: 'x' } }, {}, { tenant: 'x' });
      await bench.clock.advance(0);
      const [message] = bench.queue.messages();
      expect(message!.attributes).toEqual({ tenant: 'x' });
    } finally {
      instrumentation.disable();
    }
  });
});
