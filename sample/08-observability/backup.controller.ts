import { trace } from '@opentelemetry/api';
import { RejectEventException, RetryEventException, type ThriftContext, ThriftController } from 'nestjs-sqs-thrift';
import { BackupQueue, type BackupQueueHandlers, type StartBackupArgs } from '../generated/backup.js';

const tracer = trace.getTracer('sample');

@ThriftController(BackupQueue)
export class BackupController implements BackupQueueHandlers<ThriftContext> {
  async startBackup({ request }: StartBackupArgs, ctx: ThriftContext): Promise<void> {
    if (request.userId === 'nobody') throw new RejectEventException('there is no user nobody');
    // The first backup of bob fails, and comes back after a second.
    if (request.userId === 'bob' && ctx.getReceiveCount() === 1) throw new RetryEventException(1);
    // A span of the application lies below that of the handler.
    await tracer.startActiveSpan('copy files', async (span) => {
      await Promise.resolve();
      span.end();
    });
  }
}
