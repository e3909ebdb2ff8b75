import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { SqsThriftInstrumentationConfig } from 'nestjs-sqs-thrift/opentelemetry';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { linkedBy, RecordedSpans, traceparentOf } from '../operations/opentelemetry/recorded-spans.js';
import { describeReady } from './describe-ready.js';
import { BackupQueue, startNestEmitter, startNestWorker } from './nest-peer.js';
import { PythonPeer, whatIsMissing } from './python-peer.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SENDER = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${SENDER}-01`;

/** Describes a message as the Python receiver prints it. */
interface Printed {
  readonly user: string;
  readonly tracing: Readonly<Record<string, string>>;
}

describeReady('Traces between Nest and Python', whatIsMissing(), () => {
  let sqs: EmbeddedSqs;
  let python: PythonPeer;
  let spans: RecordedSpans;
  let queue: string;
  let count = 0;
  const apps: { close(): Promise<unknown> }[] = [];

  const at = () => ({ queue, endpoint: sqs.endpoint, region: sqs.region, credentials: sqs.credentials });

  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
    python = new PythonPeer(sqs.env);
  });
  afterAll(async () => {
    python?.close();
    await sqs?.stop();
  });
  beforeEach(async () => {
    queue = (await sqs.createQueue(`traces-${++count}`)).name;
    spans = new RecordedSpans();
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    await spans.shutdown();
  });

  /** Handles a message of Python in Nest, and returns the span of the handler. */
  async function processed(config: SqsThriftInstrumentationConfig): Promise<ReadableSpan> {
    spans.configure(config);
    await python.run('traces.py', ['send', queue, TRACEPARENT]);
    const { app, received } = await startNestWorker(at());
    apps.push(app);
    await received.until(1, 20_000);
    const [span] = await spans.until('process', 1);
    return span!;
  }

  it('gives Python the context of the create span of each call that Nest emits', async () => {
    const { app, client } = await startNestEmitter({ ...at(), service: BackupQueue });
    apps.push(app);
    const users = ['alice', 'bob', 'carol'];
    const emit = (userId: string): Promise<unknown> =>
      lastValueFrom(client.emit('startBackup', { request: { id: 'b', userId, requestedAt: 0n } }));
    const requests = await Promise.all(
      users.map((user) => spans.inSpan(user, (request) => emit(user).then(() => [user, request.spanId] as const))),
    );
    const lines = (await python.run('traces.py', ['receive', queue, String(users.length)])).trim().split('\n');
    const printed = lines.map((line) => JSON.parse(line) as Printed);
    const created = spans.of('create');
    expect(created).toHaveLength(users.length);
    for (const [user, spanId] of requests) {
      const creation = created.find(({ parentSpanContext }) => parentSpanContext?.spanId === spanId);
      const tracing = { traceparent: traceparentOf(creation!.spanContext()) };
      expect(printed).toContainEqual({ user, tracing });
    }
  }, 60_000);

  it('links the handler in Nest to the context that Python sends', async () => {
    const span = await processed({});
    expect(linkedBy(span)).toEqual([TRACEPARENT]);
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.spanContext().traceId).not.toBe(TRACE);
  }, 60_000);

  it('continues the trace of Python with consumerTrace parent', async () => {
    const span = await processed({ consumerTrace: 'parent' });
    expect(span.parentSpanContext?.spanId).toBe(SENDER);
    expect(span.spanContext().traceId).toBe(TRACE);
  }, 60_000);
});
