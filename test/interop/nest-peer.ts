import 'reflect-metadata';
import { EventEmitter, once } from 'node:events';
import { Controller, Module, type INestApplicationContext, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, EventPattern, Payload, type AsyncMicroserviceOptions } from '@nestjs/microservices';
import {
  ClientSqsThrift,
  loadService,
  ServerSqsThrift,
  type ClientSqsThriftOptions,
  type ServerSqsThriftOptions,
} from 'nestjs-sqs-thrift';

export const BackupQueue = loadService('idl/backup.thrift', 'BackupQueue');
export const BackupReports = loadService('idl/backup.thrift', 'BackupReports');

/** Lists the arguments of the handlers, in the order of the calls. */
export class Received {
  readonly calls: { method: string; args: Record<string, unknown> }[] = [];
  private readonly changes = new EventEmitter();

  add(method: string, args: Record<string, unknown>): void {
    this.calls.push({ method, args });
    this.changes.emit('call');
  }

  async until(count: number, ms: number): Promise<void> {
    const signal = AbortSignal.timeout(ms);
    while (this.calls.length < count) await once(this.changes, 'call', { signal });
  }
}

/** A Nest application that handles every method of idl/backup.thrift. */
export async function startNestWorker(
  options: Omit<ServerSqsThriftOptions, 'service'>,
): Promise<{ app: INestMicroservice; received: Received }> {
  const received = new Received();

  @Controller()
  class BackupController {
    @EventPattern<string>('startBackup')
    startBackup(@Payload() args: Record<string, unknown>): void {
      received.add('startBackup', args);
    }

    @EventPattern<string>('progress')
    progress(@Payload() args: Record<string, unknown>): void {
      received.add('progress', args);
    }
  }

  const service = [BackupQueue, BackupReports];
  const useFactory = (): ServerSqsThrift =>
    new ServerSqsThrift({ ...options, service, onUnhandledMethod: 'fail', waitTimeSeconds: 1 });

  @Module({ controllers: [BackupController], providers: [{ provide: ServerSqsThrift, useFactory }] })
  class WorkerModule {}

  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(WorkerModule, {
    inject: [ServerSqsThrift],
    useFactory: (strategy: ServerSqsThrift) => ({ strategy }),
    logger: ['error'],
  });
  await app.listen();
  return { app, received };
}

/** A Nest application that emits. */
export async function startNestEmitter(
  options: ClientSqsThriftOptions,
): Promise<{ app: INestApplicationContext; client: ClientSqsThrift }> {
  @Module({ imports: [ClientsModule.register([{ name: 'PYTHON', customClass: ClientSqsThrift, options }])] })
  class EmitterModule {}

  const app = await NestFactory.createApplicationContext(EmitterModule, { logger: ['error'] });
  return { app, client: app.get<ClientSqsThrift>('PYTHON') };
}
