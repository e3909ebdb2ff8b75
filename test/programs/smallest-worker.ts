/** Shows the smallest worker, whose lines a test counts. */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { loadService, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';

// handler
@Controller()
class BackupController {
  @EventPattern<string>('startBackup')
  start(@Payload() { request }: { request: { userId: string } }): void {
    console.log(`backup of ${request.userId}`);
  }
}
// end of handler

@Module({ controllers: [BackupController] })
class WorkerModule {}

const service = loadService('idl/backup.thrift', 'BackupQueue');
const app = await ThriftFactory.createMicroservice(WorkerModule, new ServerSqsThrift({ queue: 'backup', service }));
app.enableShutdownHooks();
await app.listen();
