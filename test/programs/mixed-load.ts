/**
 * Emits and handles texts in one process, outside of a test runner, whose own realm would keep it from seeing rejections that nobody
 * looks at. Handlers throw whatever can be thrown, now and then. Says `ready`, and, when the queue is empty after the last emit has
 * ended and all is closed, what it has seen.
 *
 * Environment: AWS_ENDPOINT_URL_SQS, COUNT.
 */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';

const seen = { unhandled: [] as string[], uncaught: [] as string[], stored: 0, failed: 0, handled: 0 };
process.on('unhandledRejection', (reason) => seen.unhandled.push(String(reason)));
process.on('uncaughtException', (error) => seen.uncaught.push(String(error)));

const Texts = findService(loadSchemaFromText('service Texts { oneway void text(1: string text) }'), 'Texts');
const count = Number(process.env.COUNT);
const access = {
  endpoint: process.env.AWS_ENDPOINT_URL_SQS!,
  region: 'us-east-1',
  credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' },
  queue: 'texts',
  service: Texts,
};
const THROWN: readonly unknown[] = [undefined, null, 'text', 0, Object.freeze({}), new Error('an error'), Symbol('s')];
const stored = new Set<string>();
const handled = new Set<string>();
let runs = 0;
let wake = (): void => undefined;

@Controller()
class TextsController {
  @EventPattern<string>('text')
  async text(@Payload() { text }: { text: string }): Promise<void> {
    runs += 1;
    if (runs % 7 === 0) throw THROWN[(runs / 7) % THROWN.length];
    if (runs % 11 === 0) return void (await Promise.reject(THROWN[runs % THROWN.length] as Error));
    handled.add(text);
    wake();
  }
}

@Module({ controllers: [TextsController] })
class TextsModule {}

const strategy = new ServerSqsThrift({
  ...access,
  waitTimeSeconds: 1,
  visibilityTimeoutSeconds: 3,
  retry: { maxSeconds: 1 },
});
const app = await ThriftFactory.createMicroservice(TextsModule, strategy, { logger: false });
await app.listen();
const client = new ClientSqsThrift({ ...access, retryBaseMs: 20 });
const go = new Promise((resolve) => process.once('message', resolve));
process.send?.('ready');
await go;
for (let at = 0; at < count; at += 1) {
  const text = `text ${at}`;
  // Emits that nobody subscribes to, beside those that are waited for.
  const emitting = client.emit('text', { text });
  if (at % 3 === 0) continue;
  emitting.subscribe({ next: () => stored.add(text), error: () => (seen.failed += 1) });
}
await client.close();
while (![...stored].every((text) => handled.has(text))) await new Promise<void>((resolve) => (wake = resolve));
await app.close();
// Node reports rejections one turn after the last job.
await new Promise((resolve) => setTimeout(resolve, 50));
process.send?.({ ...seen, stored: stored.size, handled: handled.size, runs });
process.disconnect?.();
