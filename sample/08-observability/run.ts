/**
 * Emits backups in two traces, pauses the worker, and prints probes, metrics and spans. Needs no
 * collector.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { HealthPort, HealthPortModule } from 'nestjs-sqs-thrift/health';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { register } from 'prom-client';
import { BackupController } from './backup.controller.js';
import { BackupQueue } from '../generated/backup.js';
import { MaintenanceService } from './maintenance.service.js';
import { startTelemetry } from './telemetry.js';

const stopTelemetry = startTelemetry();
const tracer = trace.getTracer('sample');
const sqs = await startEmbeddedSqs();
const { region, endpoint, credentials } = sqs;
await sqs.createQueue('backup');
await sqs.createQueue('backup-failed');

@Module({
  imports: [HealthPortModule.register({ port: 0, host: '127.0.0.1', metrics: register })],
  controllers: [BackupController],
  providers: [MaintenanceService],
})
class WorkerModule {}

const options = { service: BackupQueue, queue: 'backup', region, endpoint, credentials };
const strategy = new ServerSqsThrift({
  ...options,
  waitTimeSeconds: 1,
  poisonPolicy: 'dead-letter',
  deadLetterQueue: 'backup-failed',
});
const worker = await ThriftFactory.createMicroservice(WorkerModule, strategy, { logger: false });
const client = new ClientSqsThrift(options);
const maintenance = worker.get(MaintenanceService, { strict: false });

let end: (() => void) | undefined;
strategy.on('settled', ({ outcome }) => {
  if (outcome !== 'retry') end?.();
});

/** Emits the backup of a user. The returned promise resolves when the worker is done with the call. */
async function backUp(userId: string): Promise<{ readonly ended: Promise<void> }> {
  const ended = new Promise<void>((resolve) => (end = resolve));
  await client.getService(BackupQueue).startBackup({ id: `backup-of-${userId}`, userId, requestedAt: Date.now() });
  return { ended };
}

/** Runs a task in a trace of its own. */
function inTrace(name: string, task: () => Promise<void>): Promise<void> {
  return tracer.startActiveSpan(name, (span) => task().finally(() => span.end()));
}

/** Asks the port that answers probes. */
async function ask(path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${worker.get(HealthPort, { strict: false }).port}${path}`);
}

async function printHealth(): Promise<void> {
  const [live, ready] = [await ask('/live'), await ask('/ready')];
  console.log(`worker: ${maintenance.state}; /live ${live.status}, /ready ${ready.status}`);
}

try {
  await worker.listen();
  await printHealth();
  await inTrace('POST /backups', async () => {
    for (const userId of ['alice', 'bob']) await (await backUp(userId)).ended;
  });
  await inTrace('nightly job', async () => {
    await (
      await backUp('nobody')
    ).ended;
    const { ended } = await maintenance.without(async () => {
      await printHealth();
      return backUp('carol');
    });
    await ended;
  });
  await printHealth();

  console.log('\nmetrics:');
  const metrics = await (await ask('/metrics')).text();
  const shown = /^(nestjs_sqs_thrift_(settled|retried)_messages_total|messaging_process_duration_seconds_count)/;
  console.log(
    metrics
      .split('\n')
      .filter((line) => shown.test(line))
      .join('\n'),
  );
} finally {
  await client.close();
  await worker.close();
  await sqs.stop();
  console.log('\nspans:');
  await stopTelemetry();
}
