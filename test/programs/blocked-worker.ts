/**
 * A worker whose first message blocks the event loop. Says `ready`, and then what its strategy tells: `settled`, `loop-delay` and lines of
 * its log. Ends on SIGTERM.
 *
 * Environment: AWS_ENDPOINT_URL_SQS, VISIBILITY_SECONDS, BLOCK_MS.
 */
import 'reflect-metadata';
import { ConsoleLogger, Controller, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';

const Texts = findService(loadSchemaFromText('service Texts { oneway void text(1: string text) }'), 'Texts');
let blocked = false;

@Controller()
class TextsController {
  @EventPattern<string>('text')
  async text(): Promise<void> {
    // So that all of a receive are in hand when one of them blocks.
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (blocked) return;
    blocked = true;
    const end = performance.now() + Number(process.env.BLOCK_MS);
    while (performance.now() < end);
  }
}

@Module({ controllers: [TextsController] })
class TextsModule {}

/** Tells its parent what an operator would see. */
class SentLog extends ConsoleLogger {
  override log(): void {}

  override warn(line: unknown): void {
    process.send?.({ type: 'warning', line: String(line) });
  }
}

const strategy = new ServerSqsThrift({
  endpoint: process.env.AWS_ENDPOINT_URL_SQS!,
  region: 'us-east-1',
  credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' },
  queue: 'texts',
  service: Texts,
  waitTimeSeconds: 1,
  visibilityTimeoutSeconds: Number(process.env.VISIBILITY_SECONDS),
});
strategy.on('settled', ({ type, outcome, receiveCount, messageId }) => {
  process.send?.({ type, outcome, receiveCount, messageId });
});
strategy.on('loop-delay', (event) => process.send?.(event));
const app = await ThriftFactory.createMicroservice(TextsModule, strategy, { logger: new SentLog() });
app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
await app.listen();
process.send?.('ready');
