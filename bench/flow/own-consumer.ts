/**
 * Handles events from SQS with a Nest application, in a process of its own. The end of the process does
 * not wait for the long poll that is open.
 */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ServerSqsThrift, type ServerSqsThriftOptions, ThriftFactory } from 'nestjs-sqs-thrift';
import { Visits } from '../kit/events.js';
import { access } from '../kit/access.js';
import { type Handled, serveConsumer } from './serve-consumer.js';

/** Configures the consumer. */
export interface OwnConsumerOptions {
  readonly endpoint: string;
  readonly queue: string;
  readonly server?: Pick<ServerSqsThriftOptions, 'concurrency' | 'dataPath'>;
  /** Lets each handler take so many ms. Zero or none: it returns at once. */
  readonly handlerMs?: number;
}

interface VisitedArgs {
  readonly visit: { readonly at: bigint };
}

serveConsumer<OwnConsumerOptions>(async ({ endpoint, queue, server, handlerMs = 0 }, handled) => {
  const strategy = new ServerSqsThrift({ ...access, endpoint, queue, service: Visits, ...server });
  const module = moduleOf(handlerMs > 0 ? slowController(handled, handlerMs) : controller(handled));
  const app = await ThriftFactory.createMicroservice(module, strategy, { logger: ['error'] });
  await app.listen();
});

function moduleOf(controllerClass: new () => object): new () => object {
  @Module({ controllers: [controllerClass] })
  class VisitsModule {}
  return VisitsModule;
}

function controller(handled: Handled): new () => object {
  @Controller()
  class VisitsController {
    @EventPattern<string>('visited')
    visited(@Payload() { visit }: VisitedArgs): void {
      handled(visit.at);
    }
  }
  return VisitsController;
}

function slowController(handled: Handled, ms: number): new () => object {
  @Controller()
  class VisitsController {
    @EventPattern<string>('visited')
    async visited(@Payload() { visit }: VisitedArgs): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, ms));
      handled(visit.at);
    }
  }
  return VisitsController;
}
