/** Sources of the project with the OpenTelemetry SDK. The programs are ES modules, and become CommonJS by `toCommonJs`. */

/** Writes a program as TypeScript compiles it to CommonJS. Each import and each export has a line of its own. */
export function toCommonJs(program) {
  return program
    .replace(/^import '(.*)';$/gm, "require('$1');")
    .replace(/^import (\w+|\{.*\}) from '(.*)';$/gm, "const $1 = require('$2');")
    .replace(/^export const (\w+) =/gm, 'const $1 = (exports.$1) =')
    .replaceAll('.mjs', '.cjs');
}

/** Starts the SDK, as a file that `--import` or `--require` names. */
export const SET_UP = `import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk';
import { AggregationTemporality, InMemoryMetricExporter, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { SqsThriftInstrumentation } from 'nestjs-sqs-thrift/opentelemetry';

export const spans = new InMemorySpanExporter();
export const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
export const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });

const own = new SqsThriftInstrumentation();
// Both ways to hand an instrumentation on: to the SDK, and to the registry after the SDK has started.
const instrumentations = process.env.WITH_AWS === 'true' ? [own, new AwsInstrumentation()] : [];
export const sdk = new NodeSDK({
  spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  metricReaders: [reader],
  logRecordProcessors: [],
  instrumentations,
});
sdk.start();
if (instrumentations.length === 0) registerInstrumentations({ instrumentations: [own] });
`;

/** Emits ten calls in ten traces over each data path, and handles one of them twice. */
export const TRACED = `import 'reflect-metadata';
import assert from 'node:assert/strict';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Controller, Module } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { trace } from '@opentelemetry/api';
import { ClientSqsThrift, RetryEventException, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { loadService } from 'nestjs-sqs-thrift/idl';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { metrics, reader, sdk, spans } from './tracing.mjs';

const withAws = process.env.WITH_AWS === 'true';
const service = loadService('idl/backup.thrift', 'BackupQueue');
const users = Array.from({ length: 10 }, (_, at) => 'user ' + at);
const RETRIED = users[3];
const TRACING = /^(traceparent|tracestate|baggage|b3|x-amzn-trace-id)$/i;

let deliveries = [];
class Handlers {
  async startBackup({ request }, context) {
    await new Promise(setImmediate);
    const receiveCount = context.getReceiveCount();
    const { spanId } = trace.getActiveSpan().spanContext();
    deliveries.push({ user: request.userId, spanId, receiveCount, attributes: context.getAttributes() });
    if (request.userId === RETRIED && receiveCount === 1) throw new RetryEventException(0, 'once more');
  }
}
Controller()(Handlers);
Payload()(Handlers.prototype, 'startBackup', 0);
Ctx()(Handlers.prototype, 'startBackup', 1);
EventPattern('startBackup')(Handlers.prototype, 'startBackup', Object.getOwnPropertyDescriptor(Handlers.prototype, 'startBackup'));
class AppModule {}
Module({ controllers: [Handlers] })(AppModule);

const emitTraced = (client, userId) =>
  trace.getTracer('application').startActiveSpan('request of ' + userId, (span) => {
    const emitted = client.emit('startBackup', { request: { id: 'b', userId, requestedAt: 1n } });
    span.end();
    return lastValueFrom(emitted, { defaultValue: undefined });
  });

const idOf = ({ traceId, spanId }) => traceId + ' ' + spanId;
const named = (name) => spans.getFinishedSpans().filter((span) => span.name === name);
const fromAws = () => spans.getFinishedSpans().filter(({ instrumentationScope }) => /instrumentation-aws-sdk$/.test(instrumentationScope.name));

async function exchange(sqs, dataPath) {
  deliveries = [];
  const queue = 'backup-' + dataPath;
  await sqs.createQueue(queue);
  const { endpoint, region, credentials } = sqs;
  const options = { queue, service, endpoint, region, credentials, dataPath };
  const strategy = new ServerSqsThrift({ ...options, waitTimeSeconds: 1 });
  let settled = 0;
  const finished = new Promise((resolve) => strategy.on('settled', () => (settled += 1) === users.length + 1 && resolve()));
  const app = await ThriftFactory.createMicroservice(AppModule, strategy, { logger: false });
  await app.listen();
  const client = new ClientSqsThrift(options);
  await Promise.all(users.map((user) => emitTraced(client, user)));
  await finished;
  await client.close();
  await app.close();
  checkSpans(queue);
}

function checkSpans(queue) {
  const created = new Map();
  for (const user of users) {
    const [request, ...others] = named('request of ' + user);
    assert.equal(others.length, 0);
    const creations = named('create ' + queue).filter(({ parentSpanContext }) => parentSpanContext && idOf(parentSpanContext) === idOf(request.spanContext()));
    assert.equal(creations.length, 1, 'create spans of ' + user);
    created.set(user, creations[0].spanContext());
  }
  assert.equal(new Set([...created.values()].map(({ traceId }) => traceId)).size, users.length, 'traces of the emits');
  assert.equal(named('create ' + queue).length, users.length);

  const [send, ...moreSends] = named('send ' + queue);
  assert.equal(moreSends.length, 0, 'requests beside the batch');
  assert.deepEqual(send.links.map(({ context }) => idOf(context)).sort(), [...created.values()].map(idOf).sort());

  const processed = named('process ' + queue);
  assert.equal(processed.length, users.length + 1);
  assert.deepEqual(deliveries.map(({ user }) => user).sort(), [...users, RETRIED].sort());
  for (const { user, spanId, receiveCount, attributes } of deliveries) {
    const creation = created.get(user);
    const span = processed.find((one) => one.spanContext().spanId === spanId);
    assert.ok(span, 'the handler of ' + user + ' runs in its process span');
    assert.deepEqual(span.links.map(({ context }) => idOf(context)), [idOf(creation)]);
    assert.notEqual(span.spanContext().traceId, creation.traceId);
    assert.equal(span.attributes['nestjs_sqs_thrift.outcome'], user === RETRIED && receiveCount === 1 ? 'retry' : 'ack');
    const tracing = Object.entries(attributes).filter(([name]) => TRACING.test(name));
    assert.deepEqual(tracing, [['traceparent', '00-' + creation.traceId + '-' + creation.spanId + '-01']]);
  }
  assert.deepEqual(fromAws().map(({ name }) => name), [], 'spans of the AWS instrumentation for requests of the transport');
}

async function main() {
  const sqs = await startEmbeddedSqs();
  for (const dataPath of ['lean', 'sdk']) {
    spans.reset();
    await exchange(sqs, dataPath);
  }
  // The instrumentation sees other requests of the process.
  const { endpoint, region, credentials } = sqs;
  const other = new SQSClient({ endpoint, region, credentials });
  await other.send(new ListQueuesCommand({}));
  other.destroy();
  assert.equal(fromAws().length, withAws ? 1 : 0);
  await reader.forceFlush();
  const recorded = metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const names = new Set(recorded.filter(({ dataPoints }) => dataPoints.length > 0).map(({ descriptor }) => descriptor.name));
  const messaging = [...names].filter((name) => name.startsWith('messaging.')).sort();
  assert.deepEqual(messaging, ['messaging.client.consumed.messages', 'messaging.client.operation.duration', 'messaging.client.sent.messages', 'messaging.process.duration']);
  await sqs.stop();
  await sdk.shutdown();
  console.log('traced over lean and sdk');
}
void main();
`;

/** Compiles with the types of the SDK. */
export const INSTRUMENTED = `import { metrics } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { bindMetrics, SqsThriftInstrumentation, type SqsThriftInstrumentationConfig } from 'nestjs-sqs-thrift/opentelemetry';

const config: SqsThriftInstrumentationConfig = { consumerTrace: 'parent' };
export const sdk: NodeSDK = new NodeSDK({ instrumentations: [new SqsThriftInstrumentation()] });
export const unregister: () => void = registerInstrumentations({ instrumentations: [new SqsThriftInstrumentation(config)] });
export const unbind: () => void = bindMetrics(metrics.getMeter('application'));
`;
