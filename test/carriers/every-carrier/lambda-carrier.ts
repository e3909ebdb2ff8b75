import type { Type } from '@nestjs/common';
import { type BaseThriftClient, ClientSqsThrift } from 'nestjs-sqs-thrift';
import { type EmbeddedQueue, type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lambdaHandler } from '#lib/operations/lambda/lambda-handler.js';
import type { LambdaQueueOptions } from '#lib/operations/lambda/lambda-queue-options.js';
import { ServerSqsLambda } from '#lib/operations/lambda/server-sqs-lambda.js';
import { EventSource } from '../../operations/lambda/event-source.js';
import type { CarrierQueue, StartedCarrier, TestCarrier } from './carrier.js';
import { SQS, SqsRequests } from './sqs-carrier.js';

/** A strategy of a function that an event source invokes from the start of the application to its stop. */
class InvokedServer extends ServerSqsLambda {
  private readonly invoker: EventSource;

  constructor(options: LambdaQueueOptions, sqs: EmbeddedSqs, queue: EmbeddedQueue) {
    super(options);
    const app = { close: () => this.close() };
    const invoke = lambdaHandler(() => Promise.resolve({ app, servers: [this] }), 500);
    this.invoker = new EventSource({ sqs, queue, invoke, timeoutMs: 20_000 });
  }

  override listen(callback: (error?: unknown) => void): void {
    super.listen((error) => {
      if (error === undefined) this.invoker.start();
      callback(error);
    });
  }

  override async close(): Promise<void> {
    const stopped = this.invoker.stop();
    await super.close();
    await stopped;
  }
}

async function start(): Promise<StartedCarrier> {
  const sqs = await startEmbeddedSqs();
  const requests = new SqsRequests(sqs);
  const { endpoint, region, credentials } = sqs;
  let count = 0;
  return {
    async open(): Promise<CarrierQueue> {
      const name = `function-${(count += 1)}`;
      const queue = await sqs.createQueue(name, { deadLetterQueue: true, maxReceiveCount: 10 });
      const access = { endpoint, region, credentials, queue: name };
      const deadLetterQueue = queue.deadLetterQueue.name;
      return {
        server: ({ deadLetters = false, ...options }) => {
          const poison = deadLetters
            ? ({ poisonPolicy: 'dead-letter', deadLetterQueue } as const)
            : ({ poisonPolicy: 'drop' } as const);
          const given = { ...options, ...access, ...poison, changeVisibility: true, resend: true };
          return new InvokedServer(given, sqs, queue);
        },
        clientOptions: (service) => ({ ...access, service }),
        deadLetters: () => requests.bodies(deadLetterQueue),
        left: () => requests.count(name),
      };
    },
    async stop() {
      requests.destroy();
      await sqs.stop();
    },
  };
}

/** The function of AWS Lambda, invoked with the messages of an embedded SQS. */
export const LAMBDA: TestCarrier = {
  name: 'invocations of a function of Lambda',
  features: { ...SQS.features, leases: false, abortableReceive: true },
  Client: ClientSqsThrift as Type<BaseThriftClient>,
  start,
};
