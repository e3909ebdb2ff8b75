import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Controller, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { ServerSqsThrift, type ServerSqsThriftOptions, ThriftFactory } from 'nestjs-sqs-thrift';
import { access } from '../kit/access.js';
import { codec, Visits } from '../kit/events.js';
import { RawSqs } from '../kit/raw-sqs.js';

/** Address of the queue to consume. */
export interface ConsumerTask {
  readonly endpoint: string;
  readonly queue: string;
  readonly queueUrl: string;
}

/** Starts to consume a queue until the process ends. Calls `handled` for each event. */
export type Consumer = (task: ConsumerTask, handled: () => void) => Promise<void>;

const POLLERS = 8;
const BATCH = 10;
const WAIT_SECONDS = 20;

function own(options: Partial<ServerSqsThriftOptions>): Consumer {
  return async ({ endpoint, queue }, handled) => {
    @Controller()
    class VisitsController {
      @EventPattern<string>('visited')
      visited(): void {
        handled();
      }
    }

    @Module({ controllers: [VisitsController] })
    class VisitsModule {}

    const strategy = new ServerSqsThrift({ ...access, endpoint, queue, service: Visits, ...options });
    const app = await ThriftFactory.createMicroservice(VisitsModule, strategy, { logger: ['error'] });
    await app.listen();
  };
}

/** Decodes each message, as the handlers of all consumers do. */
function handleAll(messages: readonly Message[], handled: () => void): void {
  for (const { Body = '' } of messages) for (const _ of codec.decode(Body)) handled();
}

/** Returns the entries of a batch delete. */
function receiptsOf(messages: readonly Message[]): { Id: string; ReceiptHandle: string }[] {
  return messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle: ReceiptHandle! }));
}

/** Starts loops that nothing waits for. A failure ends the process, which the benchmark reports. */
function startPollers(poll: () => Promise<void>): void {
  const loop = async (): Promise<never> => {
    for (;;) await poll();
  };
  for (let i = 0; i < POLLERS; i += 1) void loop();
}

/** Consumes as an application without a library does: several loops that receive, handle and delete batches. */
const rawSdk: Consumer = ({ endpoint, queueUrl: QueueUrl }, handled) => {
  const client = new SQSClient({ ...access, endpoint });
  const request = { QueueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: WAIT_SECONDS };
  startPollers(async () => {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(request));
    if (Messages.length === 0) return;
    handleAll(Messages, handled);
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: receiptsOf(Messages) }));
  });
  return Promise.resolve();
};

/** Does the same in requests written by hand, and receives the next batch while a delete is under way. */
const rawUndici: Consumer = ({ endpoint, queueUrl: QueueUrl }, handled) => {
  const client = new RawSqs(endpoint, 2 * POLLERS);
  const request = JSON.stringify({ QueueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: WAIT_SECONDS });
  startPollers(async () => {
    const { Messages = [] } = await client.request<{ readonly Messages?: Message[] }>('ReceiveMessage', request);
    if (Messages.length === 0) return;
    handleAll(Messages, handled);
    void client.request('DeleteMessageBatch', JSON.stringify({ QueueUrl, Entries: receiptsOf(Messages) }));
  });
  return Promise.resolve();
};

export const consumers = {
  'own, defaults': own({ dataPath: 'lean' }),
  'own, concurrency 100': own({ dataPath: 'lean', concurrency: 100 }),
  'own, SDK path': own({ dataPath: 'sdk' }),
  'own, concurrency 100, SDK path': own({ dataPath: 'sdk', concurrency: 100 }),
  'raw SDK loop': rawSdk,
  'raw undici loop': rawUndici,
} satisfies Readonly<Record<string, Consumer>>;

export type ConsumerName = keyof typeof consumers;
