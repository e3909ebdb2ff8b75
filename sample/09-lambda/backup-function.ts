import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ThriftController } from 'nestjs-sqs-thrift';
import { createLambdaHandler, type LambdaHandler } from 'nestjs-sqs-thrift/lambda';
import { type BackupQueueHandlers, BackupQueue, type StartBackupArgs } from '../generated/backup.js';

const failed = new Set<string>();

@ThriftController(BackupQueue)
class BackupController implements BackupQueueHandlers {
  startBackup({ request: { userId } }: StartBackupArgs): void {
    if (userId === 'bob' && !failed.has(userId)) {
      failed.add(userId);
      throw new Error('the disk of bob is busy');
    }
    console.log(`  backed up the files of ${userId}`);
  }
}

@Module({ controllers: [BackupController] })
class FunctionModule {}

/** Creates the handler of the function. In Lambda a module exports it, and the environment says where SQS is. */
export function createBackupFunction(access: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}): LambdaHandler {
  const queue = { queue: 'backup', service: BackupQueue, changeVisibility: true, retry: { baseSeconds: 0 } };
  return createLambdaHandler(FunctionModule, { ...queue, ...access }, { application: { logger: false } });
}
