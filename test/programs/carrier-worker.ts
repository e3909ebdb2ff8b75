/**
 * Handles numbered events of a carrier and writes `start <number> <pid> <receive count>` and the same
 * with `finish` for each. Says at which port it listens. Drains on SIGTERM.
 *
 * Environment: CARRIER (socket, http, http-handled, kestrel or starling), PORT (default: a free
 * one), JOURNAL, HANDLER_MS (duration of a handler, 0), CONCURRENCY (10), INBOX (messages that the
 * worker holds in memory at most, where the carrier has no queue server; 10 000).
 */
import 'reflect-metadata';
import { setTimeout as wait } from 'node:timers/promises';
import { Controller, Module } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type ThriftContext, ThriftFactory } from 'nestjs-sqs-thrift';
import { openStrategy, portOf } from './carrier-load.js';
import { type HandleArgs, numberSetting, openJournal } from './load.js';

const handlerMs = numberSetting('HANDLER_MS', 0);
const journal = openJournal();

@Controller()
class LoadController {
  @EventPattern<string>('handle')
  async handle(@Payload() { event }: HandleArgs, @Ctx() ctx: ThriftContext): Promise<void> {
    const fact = `${event.number} ${process.pid} ${ctx.getReceiveCount()}`;
    journal(`start ${fact}`);
    if (handlerMs > 0) await wait(handlerMs);
    journal(`finish ${fact}`);
  }
}

@Module({ controllers: [LoadController] })
class WorkerModule {}

const strategy = openStrategy();
const app = await ThriftFactory.createMicroservice(WorkerModule, strategy, { logger: ['error'] });
app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
await app.listen();
process.send?.({ port: portOf(strategy) });
