import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { diag, type DiagLogger, propagation, type Span, trace, type TracerProvider } from '@opentelemetry/api';
import { SqsThriftInstrumentation } from 'nestjs-sqs-thrift/opentelemetry';
import { lastValueFrom } from 'rxjs';
import { deliver } from '../../nest/deliver.js';
import { closeAll, startWorker } from '../../nest/harness.js';

afterEach(async () => {
  await closeAll();
  propagation.disable();
  diag.disable();
});

function fail(): never {
  throw new Error('broken telemetry');
}

/** Makes spans of which some methods throw. */
function providerOf(startSpan: (name: string) => Span): TracerProvider {
  return { getTracer: () => ({ startSpan, startActiveSpan: fail }) };
}

const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
const brokenSpan = {
  ...trace.wrapSpanContext(spanContext),
  spanContext: () => spanContext,
  isRecording: () => true,
  setAttribute: fail,
  setAttributes: fail,
  setStatus: fail,
  recordException: fail,
  updateName: fail,
  end: fail,
} as unknown as Span;

/** A span that is recorded, and keeps nothing. */
const recordingSpan: Span = {
  ...brokenSpan,
  setAttribute: () => recordingSpan,
  setAttributes: () => recordingSpan,
  setStatus: () => recordingSpan,
  recordException: () => undefined,
  updateName: () => recordingSpan,
  end: () => undefined,
};

describe('telemetry that is disabled while a handler runs', () => {
  it('ends the span of the handler', async () => {
    const ended: string[] = [];
    const startSpan = (name: string): Span => {
      const span: Span = { ...recordingSpan, setAttributes: () => span, end: () => void ended.push(name) };
      return span;
    };
    const instrumentation = new SqsThriftInstrumentation({ enabled: false });
    instrumentation.setTracerProvider(providerOf(startSpan));
    instrumentation.enable();
    const { server } = await deliver(() => instrumentation.disable());
    await server.untilSettled(1);
    expect(ended.filter((name) => name.startsWith('process'))).toHaveLength(1);
  });
});

describe('telemetry that throws', () => {
  it.each<[string, () => Span]>([
    ['at the start of a span', fail],
    ['at the end of a span', () => brokenSpan],
    ['in the propagator', () => recordingSpan],
  ])('changes nothing of a call or a message: %s', async (_, startSpan) => {
    const error = jest.fn();
    diag.setLogger({ error, warn: jest.fn() } as unknown as DiagLogger);
    propagation.setGlobalPropagator({ inject: fail, extract: fail, fields: () => ['traceparent'] });
    const instrumentation = new SqsThriftInstrumentation({ enabled: false });
    instrumentation.setTracerProvider(providerOf(startSpan));
    instrumentation.enable();
    const seen: number[] = [];
    @Controller()
    class JobsController {
      @EventPattern<string>('run')
      run({ job }: { job: { id: number } }): void {
        seen.push(job.id);
        if (seen.length === 1) fail();
      }
    }
    try {
      const { server, client } = await startWorker({ controllers: [JobsController] });
      await lastValueFrom(client.emit('run', { job: { id: 7 } }));
      await server.untilSettled(2);
      expect(seen).toEqual([7, 7]);
      expect(server.settled.map(({ outcome }) => outcome)).toEqual(['retry', 'ack']);
      expect(error).toHaveBeenCalledWith(expect.stringMatching(/tracing failed: broken telemetry/));
    } finally {
      instrumentation.disable();
    }
  });
});
