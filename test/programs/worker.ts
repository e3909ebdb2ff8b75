/**
 * Handles numbered events and writes `start <number> <pid> <receive count> <message id>` and the
 * same with `finish` for each. Says `ready` when it receives, and its vitals on request. Drains on
 * SIGTERM and at the command `close`.
 *
 * Environment: AWS_ENDPOINT_URL_SQS, QUEUE, JOURNAL, HANDLER_MS (duration of a handler, 0), CONCURRENCY
 * (10), VISIBILITY_SECONDS (30), PATIENT (1: starts also if the queue cannot be opened yet),
 * WAIT_SECONDS (of a long poll, 1), DRAIN_MS (10 000), SLOW_EVERY (one of that many events takes
 * three times the visibility timeout), DIE_AT (an event after whose handler the process kills
 * itself, before its message is removed).
 */
import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { ServerSqsThrift, type SqsThriftContext } from 'nestjs-sqs-thrift';
import { type HandleArgs, numberSetting, openJournal, sqsQueue } from './load.js';

const handlerMs = numberSetting('HANDLER_MS', 0);
const dieAt = numberSetting('DIE_AT', -1);
const slowEvery = numberSetting('SLOW_EVERY', 0);
const journal = openJournal();

@Controller()
class LoadController {
  @EventPattern<string>('handle')
  async handle(@Payload() { event }: HandleArgs, @Ctx() ctx: SqsThriftContext): Promise<void> {
    const fact = `${event.number} ${process.pid} ${ctx.getReceiveCount()} ${ctx.getMessageId()}`;
    journal(`start ${fact}`);
    const slow = slowEvery > 0 && Number(event.number) % slowEvery === 0;
    if (slow) await wait(3_000 * options.visibilityTimeoutSeconds);
    else if (handlerMs > 0) await wait(handlerMs);
    journal(`finish ${fact}`);
    if (Number(event.number) === dieAt) die();
  }
}

function die(): void {
  journal(`killed ${process.pid}`);
  process.kill(process.pid, 'SIGKILL');
}

const options = {
  ...sqsQueue(),
  onUnhandledMethod: 'fail' as const,
  onQueueMissing: numberSetting('PATIENT', 0) > 0 ? ('wait' as const) : ('fail' as const),
  concurrency: numberSetting('CONCURRENCY', 10),
  visibilityTimeoutSeconds: numberSetting('VISIBILITY_SECONDS', 30),
  waitTimeSeconds: numberSetting('WAIT_SECONDS', 1),
  drainTimeoutMs: numberSetting('DRAIN_MS', 10_000),
};

@Module({
  controllers: [LoadController],
  providers: [{ provide: ServerSqsThrift, useFactory: () => new ServerSqsThrift(options) }],
})
class WorkerModule {}

const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(WorkerModule, {
  inject: [ServerSqsThrift],
  useFactory: (strategy: ServerSqsThrift) => ({ strategy }),
  logger: ['warn', 'error'],
});
app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
await app.listen();
process.send?.('ready');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
process.on('message', (message) => {
  if (message === 'close') {
    // And then the process is to end by itself.
    void app.close().then(() => process.disconnect());
  } else {
    collectGarbage();
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    process.send?.({
      heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
      files: readdirSync('/proc/self/fd').length,
      timers,
    });
  }
});
