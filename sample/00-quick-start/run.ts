import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { ClientsModule, EventPattern, Payload } from '@nestjs/microservices';
import { type BaseThriftClient, ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';

const schema = loadSchemaFromText(`
  struct BackupRequest { 1: required string userId }
  service BackupQueue { oneway void startBackup(1: required BackupRequest request) } (sqs.queue = "backup")`);
const service = findService(schema, 'BackupQueue');

// An SQS inside this process. On AWS leave these three lines out.
const sqs = await startEmbeddedSqs();
await sqs.createQueue('backup', { deadLetterQueue: true });
Object.assign(process.env, sqs.env);

@Controller()
class BackupController {
  @EventPattern<string>('startBackup')
  start(@Payload() { request }: { request: { userId: string } }): void {
    console.log(`backing up the files of ${request.userId}`);
  }
}

@Module({
  imports: [ClientsModule.register([ClientSqsThrift.register('BACKUP', { service })])],
  controllers: [BackupController],
})
class AppModule {}

const worker = new ServerSqsThrift({ service });
const app = await ThriftFactory.createMicroservice(AppModule, worker, { logger: ['warn', 'error'] });
await app.listen();

const handled = new Promise((resolve) => worker.on('settled', resolve));
await lastValueFrom(app.get<BaseThriftClient>('BACKUP').emit('startBackup', { request: { userId: 'alice' } }));
await handled;
console.log('handled, and removed from the queue');
await app.close();
await sqs.stop();
