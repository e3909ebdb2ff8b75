/** Hands the messages of a queue to a function of Lambda, which answers with those that failed. */
import { ClientSqsThrift } from 'nestjs-sqs-thrift';
import { openSqsQueue } from 'nestjs-sqs-thrift/port';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { BackupQueue } from '../generated/backup.js';
import { createBackupFunction } from './backup-function.js';
import { invokeOnce } from './event-source.js';

const USERS = ['alice', 'bob', 'carol'];

const sqs = await startEmbeddedSqs();
const { region, endpoint, credentials } = sqs;
const { arn } = await sqs.createQueue('backup', { deadLetterQueue: true });
const access = { region, endpoint, credentials };

const client = new ClientSqsThrift({ ...access, queue: 'backup', service: BackupQueue });
const backups = client.getService(BackupQueue);
for (const userId of USERS) await backups.startBackup({ id: userId, userId, requestedAt: 1 });
await client.close();

const handler = createBackupFunction(access);
const queue = await openSqsQueue({ ...access, queue: 'backup' });
try {
  for (let left = USERS.length, number = 1; left > 0; number += 1) {
    console.log(`invocation ${number}`);
    const [messages, failed] = await invokeOnce(queue, arn, handler);
    console.log(`  ${messages} in the event, ${failed} stay in the queue`);
    left -= messages - failed;
  }
} finally {
  await handler.close();
  await queue.close();
  await sqs.stop();
}
