import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ThriftController } from 'nestjs-sqs-thrift';
import { createLambdaHandler } from 'nestjs-sqs-thrift/lambda';
import { BackupQueue, type BackupQueueHandlers } from '../../sample/generated/backup.js';

@ThriftController(BackupQueue)
class BackupController implements BackupQueueHandlers {
  startBackup(): void {}
}

@Module({ controllers: [BackupController] })
class FunctionModule {}

export const handler = createLambdaHandler(
  FunctionModule,
  { queue: 'backup', service: BackupQueue, onUnhandledMethod: 'warn' },
  { application: { logger: ['error'] } },
);
