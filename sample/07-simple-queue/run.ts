/** Pushes strings through a socket into an array, as simple-thrift-queue did in 2008, and prints the rate. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { ClientThriftSocket, ServerThriftSocket } from 'nestjs-sqs-thrift/socket';
import { lastValueFrom } from 'rxjs';
import { Queue } from '../generated/simple-queue.js';
import { QueueController } from './queue.controller.js';
import { Strings } from './strings.js';

const ONE_BY_ONE = 2_000;
const STREAMED = 20_000;

@Module({ providers: [Strings], controllers: [QueueController] })
class QueueModule {}

const strategy = new ServerThriftSocket({ host: '127.0.0.1', port: 0, service: Queue });
const app = await ThriftFactory.createMicroservice(QueueModule, strategy, { logger: ['warn', 'error'] });
await app.listen();
const { port } = strategy.address!;
const client = new ClientThriftSocket({ host: '127.0.0.1', port, service: Queue });
const strings = app.get(Strings, { strict: false });

/** Pushes strings, waits until all have arrived, and prints the rate. */
async function time(title: string, count: number, push: (texts: readonly string[]) => Promise<unknown>): Promise<void> {
  const before = strings.all.length;
  const texts = Array.from({ length: count }, (_, i) => `testing #${before + i + 1}`);
  const from = performance.now();
  await push(texts);
  await strings.until(before + count);
  const rate = count / ((performance.now() - from) / 1_000);
  console.log(`${title}: ${Math.round(rate)} strings a second`);
}

try {
  await time('one after another', ONE_BY_ONE, async (texts) => {
    for (const msg of texts) await lastValueFrom(client.emit('push', { msg }));
  });
  await time('in a stream', STREAMED, (texts) =>
    client.emitAll(
      'push',
      texts.map((msg) => ({ msg })),
    ),
  );
  const wanted = ONE_BY_ONE + STREAMED;
  const distinct = new Set(strings.all).size;
  console.log(`pushed ${wanted} strings, ${distinct} arrived, ${strings.all.length - distinct} arrived twice`);
} finally {
  await client.close();
  await app.close();
}
