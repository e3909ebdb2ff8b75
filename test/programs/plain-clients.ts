/**
 * Handles a backup, and sends through clients of the AWS SDK, with nothing but the environment to
 * find the SQS, SNS and S3. Says what each of them answered.
 */
import 'reflect-metadata';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ClientSqsThrift, loadService, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { lastValueFrom } from 'rxjs';

const service = loadService('idl/backup.thrift', 'BackupQueue');
let handled = (_userId: string): void => undefined;
const userId = new Promise<string>((resolve) => (handled = resolve));

@Controller()
class BackupController {
  @EventPattern<string>('startBackup')
  start(@Payload() { request }: { request: { userId: string } }): void {
    handled(request.userId);
  }
}

@Module({ controllers: [BackupController] })
class WorkerModule {}

const [queues, topic, bucket] = await Promise.all([
  new SQSClient({}).send(new ListQueuesCommand({})),
  new SNSClient({}).send(new CreateTopicCommand({ Name: 'news' })),
  new S3Client({}).send(new CreateBucketCommand({ Bucket: 'bodies' })),
]);
const strategy = new ServerSqsThrift({ queue: 'backup', service });
const app = await ThriftFactory.createMicroservice(WorkerModule, strategy, { logger: ['warn', 'error'] });
await app.listen();
const client = new ClientSqsThrift({ queue: 'backup', service });
await lastValueFrom(client.emit('startBackup', { request: { id: 'b1', userId: 'alice', requestedAt: 1 } }));
process.send?.({
  handled: await userId,
  queues: queues.QueueUrls?.map((url) => url.split('/').at(-1)),
  topic: topic.TopicArn,
  bucket: bucket.$metadata.httpStatusCode,
});
