/**
 * Emits numbered events and writes `acked <number>` for each event that the queue has stored. Says
 * `ready` once connected and begins at the command `go`. Ends by itself after the last event, or
 * early on SIGTERM.
 *
 * Environment: AWS_ENDPOINT_URL_SQS, QUEUE, JOURNAL, EVENTS (their number), FIRST (the first number, 0),
 * WINDOW (unanswered events at once, 500), FILLING_BYTES (170, which makes an event of about 200
 * bytes), GROUPS (on a FIFO queue: the number of message groups that take turns), PATIENT (1:
 * retries a queue that cannot be reached at the start, as an operator would restart the program).
 */
import 'reflect-metadata';
import { once } from 'node:events';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule } from '@nestjs/microservices';
import { ClientSqsThrift, SqsThriftRecordBuilder, type ThriftRecord } from 'nestjs-sqs-thrift';
import { lastValueFrom } from 'rxjs';
import { cpuMs, numberSetting, openJournal, sqsQueue } from './load.js';

const LOAD = Symbol('load');

@Module({ imports: [ClientsModule.register([{ name: LOAD, customClass: ClientSqsThrift, options: sqsQueue() }])] })
class EmitterModule {}

const first = numberSetting('FIRST', 0);
const end = first + numberSetting('EVENTS', 10_000);
const filling = 'x'.repeat(numberSetting('FILLING_BYTES', 170));
const groups = numberSetting('GROUPS', 0);
const journal = openJournal();
let next = first;
let failed = 0;

/** The same number is the same event to the queue, also when its emitter sends it again. */
function grouped(args: object, number: number): ThriftRecord {
  return new SqsThriftRecordBuilder(args)
    .setGroupId(`g${number % groups}`)
    .setDeduplicationId(String(number))
    .build();
}

/** One of the runners that together keep WINDOW emits open. */
async function run(client: ClientSqsThrift): Promise<void> {
  while (next < end) {
    const number = next++;
    const event = { number: BigInt(number), emittedAt: BigInt(Date.now()), filling };
    try {
      await lastValueFrom(client.emit('handle', groups > 0 ? grouped({ event }, number) : { event }));
      journal(`acked ${number}`);
    } catch {
      failed += 1;
    }
  }
}

async function connect(client: ClientSqsThrift): Promise<void> {
  for (;;) {
    try {
      return void (await client.connect());
    } catch (error) {
      if (process.env.PATIENT !== '1') throw error;
    }
  }
}

const app = await NestFactory.createApplicationContext(EmitterModule, { logger: ['warn', 'error'] });
app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
process.once('SIGTERM', () => (next = end));
const client = app.get<ClientSqsThrift>(LOAD);
await connect(client);
const go = once(process, 'message');
process.send?.('ready');
await go;
const from = performance.now();
await Promise.all(Array.from({ length: numberSetting('WINDOW', 500) }, () => run(client)));
process.send?.({ emitted: next - first - failed, failed, ms: Math.round(performance.now() - from), cpuMs: cpuMs() });
await app.close();
process.disconnect?.();
