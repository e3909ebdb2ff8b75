import { Inject, Module } from '@nestjs/common';
import { ClientProxy, ClientsModule } from '@nestjs/microservices';
import { BaseThriftClient, ClientSqsThrift, loadService, type TypedService } from 'nestjs-sqs-thrift';
import { BackupQueue, type BackupQueueClient, type BackupQueueMethods } from './generated/backup.js';

class Config {
  readonly queue = 'backup';
}

/** registers a client by its class */
@Module({
  imports: [
    ClientsModule.register([
      { name: 'BACKUP', customClass: ClientSqsThrift, options: { queue: 'backup', service: BackupQueue } },
    ]),
  ],
})
export class ByClass {}

/** registers a client by its typed entry */
@Module({
  imports: [ClientsModule.register([ClientSqsThrift.register('BACKUP', { queue: 'backup', service: BackupQueue })])],
})
export class ByEntry {}

/** registers a client by its typed entry for the whole application */
export const everywhere = () =>
  ClientsModule.register({
    isGlobal: true,
    clients: [ClientSqsThrift.register(Symbol('backup'), { queue: 'backup', service: BackupQueue })],
  });

/** refuses an unknown option of an entry */
export const unknownOption = () =>
  //! TS2353 'que' does not exist
  ClientSqsThrift.register('BACKUP', { que: 'backup', service: BackupQueue });

/** refuses an option of another type */
export const wrongOption = () =>
  //! TS2322 'string' is not assignable to type 'number'
  ClientSqsThrift.register('BACKUP', { queue: 'backup', service: BackupQueue, maxInFlight: '4' });

/** refuses an entry without a service */
export const noService = () =>
  //! TS2345 'service' is missing
  ClientSqsThrift.register('BACKUP', { queue: 'backup' });

/** refuses an entry of the abstract base class */
export const abstractEntry = () =>
  //! TS2684 Cannot assign an abstract constructor type
  BaseThriftClient.register('BACKUP', { queue: 'backup', service: BackupQueue });

/** registers a client with options of a factory */
@Module({
  imports: [
    ClientsModule.registerAsync([
      ClientSqsThrift.registerAsync('BACKUP', {
        inject: [Config],
        useFactory: (config: Config) => ({ queue: config.queue, service: BackupQueue }),
      }),
    ]),
  ],
})
export class ByFactory {}

/** registers a client with options of an asynchronous factory */
export const later = () =>
  ClientSqsThrift.registerAsync('BACKUP', {
    imports: [ByFactory],
    useFactory: async () => ({ queue: 'backup', service: BackupQueue }),
  });

/** refuses a factory whose options are incomplete */
export const incomplete = () =>
  //! TS2322 'service' is missing
  ClientSqsThrift.registerAsync('BACKUP', { useFactory: () => ({ queue: 'backup' }) });

/** injects a typed client */
export class Web {
  constructor(
    @Inject('BACKUP') private readonly backups: BaseThriftClient<BackupQueueMethods>,
    @Inject('BACKUP') readonly proxy: ClientProxy,
    @Inject('BACKUP') readonly untyped: ClientSqsThrift,
  ) {}

  start(id: string) {
    return this.backups.emit('startBackup', { request: { id, userId: 'u', requestedAt: 1n } });
  }
}

/** gives a loaded service the types of a module */
export const loaded = (client: ClientSqsThrift<BackupQueueMethods>): Promise<string> => {
  const service = loadService('idl/backup.thrift', 'BackupQueue') as TypedService<
    BackupQueueMethods,
    BackupQueueClient
  >;
  return client.getService(service).startBackup({ id: 'a', userId: 'u', requestedAt: 1 });
};
