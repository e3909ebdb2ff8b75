/** Shows the smallest client, whose lines a test counts. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule } from '@nestjs/microservices';
import { ClientSqsThrift, loadService } from 'nestjs-sqs-thrift';

const service = loadService('idl/backup.thrift', 'BackupQueue');

@Module({ imports: [ClientsModule.register([ClientSqsThrift.register('BACKUP', { queue: 'backup', service })])] })
class ClientModule {}

const app = await NestFactory.createApplicationContext(ClientModule);
const client = app.get<ClientSqsThrift>('BACKUP');
client.emit('startBackup', { request: { id: 'b1', userId: 'alice', requestedAt: Date.now() } });
await app.close();
