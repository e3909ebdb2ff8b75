import { GetQueueAttributesCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Type } from '@nestjs/common';
import { type BaseThriftClient, ClientSqsThrift, ServerSqsThrift } from 'nestjs-sqs-thrift';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import type { CarrierQueue, StartedCarrier, TestCarrier } from './carrier.js';

/** Attributes that count the messages of a queue. */
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

export class SqsRequests {
  private readonly client: SQSClient;

  constructor({ endpoint, region, credentials }: EmbeddedSqs) {
    this.client = new SQSClient({ endpoint, region, credentials });
  }

  async count(queue: string): Promise<number> {
    const QueueUrl = await this.urlOf(queue);
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] });
    const { Attributes = {} } = await this.client.send(command);
    return COUNTS.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  async bodies(queue: string): Promise<string[]> {
    const QueueUrl = await this.urlOf(queue);
    const { Messages = [] } = await this.client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body }) => Body!);
  }

  destroy(): void {
    this.client.destroy();
  }

  private async urlOf(QueueName: string): Promise<string> {
    return (await this.client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl!;
  }
}

async function start(): Promise<StartedCarrier> {
  const sqs = await startEmbeddedSqs();
  const requests = new SqsRequests(sqs);
  const { endpoint, region, credentials } = sqs;
  let count = 0;
  return {
    async open(): Promise<CarrierQueue> {
      const queue = `queue-${(count += 1)}`;
      const { deadLetterQueue } = await sqs.createQueue(queue, { deadLetterQueue: true, maxReceiveCount: 10 });
      const access = { endpoint, region, credentials, queue };
      return {
        server: ({ deadLetters = false, ...options }) =>
          new ServerSqsThrift({
            ...options,
            ...access,
            waitTimeSeconds: 1,
            ...(deadLetters
              ? { poisonPolicy: 'dead-letter', deadLetterQueue: deadLetterQueue.name }
              : { poisonPolicy: 'drop' }),
          }),
        clientOptions: (service) => ({ ...access, service }),
        deadLetters: () => requests.bodies(deadLetterQueue.name),
        left: () => requests.count(queue),
      };
    },
    async stop() {
      requests.destroy();
      await sqs.stop();
    },
  };
}

export const SQS: TestCarrier = {
  name: 'an embedded SQS',
  features: {
    persistent: true,
    leases: true,
    ordered: false,
    attributes: true,
    delay: true,
    longPolling: true,
    abortableReceive: false,
    resend: true,
    body: 'text',
  },
  Client: ClientSqsThrift as Type<BaseThriftClient>,
  start,
};
