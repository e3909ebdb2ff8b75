import 'reflect-metadata';
import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule } from '@nestjs/microservices';
import { describe, expect, it } from '@jest/globals';
import { ClientSqsThrift } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { Jobs, TestClient } from '../harness.js';

const OPTIONS = { queue: 'jobs', service: Jobs, endpoint: 'http://127.0.0.1:1', region: 'eu-west-1' };

@Injectable()
class Config {
  readonly options = OPTIONS;
}

@Module({ providers: [Config], exports: [Config] })
class ConfigModule {}

/** Creates an application with a module of clients. Returns the client and closes the application later. */
async function clientFrom(clients: DynamicModule) {
  @Module({ imports: [clients] })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
  return { app, client: app.get<ClientSqsThrift>('JOBS', { strict: false }) };
}

describe('ClientsModule', () => {
  it.each<[string, () => DynamicModule]>([
    [
      'its class and options',
      () => ClientsModule.register([{ name: 'JOBS', customClass: ClientSqsThrift, options: OPTIONS }]),
    ],
    ['an entry with typed options', () => ClientsModule.register([ClientSqsThrift.register('JOBS', OPTIONS)])],
    [
      'an entry with a factory of its options',
      () =>
        ClientsModule.registerAsync([
          ClientSqsThrift.registerAsync('JOBS', {
            imports: [ConfigModule],
            inject: [Config],
            useFactory: async (config: Config) => Promise.resolve(config.options),
          }),
        ]),
    ],
    [
      'an entry with a factory that needs nothing',
      () => ClientsModule.registerAsync([ClientSqsThrift.registerAsync('JOBS', { useFactory: () => OPTIONS })]),
    ],
  ])('creates a client from %s and closes the client with the application', async (_, clients) => {
    const { app, client } = await clientFrom(clients());
    expect(client).toBeInstanceOf(ClientSqsThrift);
    await app.close();
    await expect(lastValueFrom(client.emit('ping', {}))).rejects.toThrow(
      'the client of the queue is closed. Emit before close().',
    );
  });

  it('creates a client of another carrier from its typed entry', async () => {
    const queue = createMemoryQueue();
    const { app, client } = await clientFrom(
      ClientsModule.register([TestClient.register('JOBS', () => Promise.resolve(queue))]),
    );
    await lastValueFrom(client.emit('ping'));
    await app.close();
    expect(queue.depth().visible).toBe(1);
  });
});
