import 'reflect-metadata';
import { EventEmitter, once } from 'node:events';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule } from '@nestjs/microservices';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import type { SettledEvent } from 'nestjs-sqs-thrift/port';
import { lastValueFrom } from 'rxjs';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import type { Call } from './calls.js';
import { service } from './contract.js';
import type { Received } from './judge.js';
import { controllerOf } from './nest-controller.js';
import type { Plan, Production } from './plan.js';
import type { Peer } from './program-peer.js';

/** Milliseconds after which it is an error that Nest has not settled what is in a queue; it takes seconds. */
const LONGEST = 300_000;

/** Nest's side of the matrix: applications with the client and the server of this library. */
export function nestPeer(calls: readonly Call[], sqs: SqsFake): Peer {
  const { endpoint, region, credentials } = sqs;
  const at = { endpoint, region, credentials, service };

  const produce = async ({ produce: productions }: Plan): Promise<readonly Received[]> => {
    const options = ({ queue, protocol, bodies }: Production) => ({
      ...at,
      queue,
      protocol,
      pack: bodies.some((body) => body.length > 1),
    });
    const clients = productions.map((one) => ({
      name: one.queue,
      customClass: ClientSqsThrift,
      options: options(one),
    }));

    @Module({ imports: [ClientsModule.register(clients)] })
    class ProducerModule {}

    const app = await NestFactory.createApplicationContext(ProducerModule, { logger: ['warn', 'error'] });
    const unsent: Received[] = [];
    for (const { queue, bodies } of productions) {
      const client = app.get<ClientSqsThrift>(queue, { strict: false });
      const emit = async (number: number): Promise<void> => {
        const stored = lastValueFrom(client.emit<string>(calls[number]!.method, calls[number]!.args));
        await stored.catch((error: unknown) =>
          unsent.push({ queue, body: number, error: `not sent: ${String(error)}` }),
        );
      };
      const shared = bodies.filter((body) => body.length > 1);
      await Promise.all(shared.flat().map(emit));
      // The client decides what shares a body, so what must be alone is emitted alone.
      const alone = bodies.filter((body) => body.length === 1).flat();
      if (shared.length === 0) await Promise.all(alone.map(emit));
      else for (const number of alone) await emit(number);
    }
    await app.close();
    return unsent;
  };

  const consumeOne = async (queue: string): Promise<readonly Received[]> => {
    const received: Received[] = [];
    const settled = new EventEmitter();
    let left = sqs.depth(queue).visible;
    const strategy = new ServerSqsThrift({
      ...at,
      queue,
      onUnhandledMethod: 'fail',
      poisonPolicy: 'drop',
      waitTimeSeconds: 1,
    });
    strategy.on('settled', (event) => {
      if (event.outcome !== 'ack') received.push({ queue, body: event.messageId, error: explain(event) });
      left -= 1;
      settled.emit('one');
    });

    @Module({ controllers: [controllerOf((note) => received.push({ queue, ...note }))] })
    class ConsumerModule {}

    const app = await ThriftFactory.createMicroservice(ConsumerModule, strategy, { logger: false });
    const signal = AbortSignal.timeout(LONGEST);
    await app.listen();
    while (left > 0) await once(settled, 'one', { signal });
    await app.close();
    return received;
  };

  return {
    produce,
    consume: async ({ consume }) => (await Promise.all(consume.map(consumeOne))).flat(),
  };
}

function explain({ outcome, reason, detail, error }: SettledEvent): string {
  return `${outcome}: ${reason ?? String(error)}: ${detail ?? ''}`;
}
