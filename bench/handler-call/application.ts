import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { Ctx, EventPattern, type MessageHandler, Payload } from '@nestjs/microservices';
import { type ThriftContext, ThriftFactory } from 'nestjs-sqs-thrift';
import { ClientThriftMemory, MemoryBroker, ServerThriftMemory } from 'nestjs-sqs-thrift/testing';
import { event, Visits } from '../kit/events.js';

/** A Nest application with one handler, and the arguments with which an event reached that handler. */
export interface Application {
  readonly strategy: ServerThriftMemory;
  /** The handler as Nest wraps it for strategies. */
  readonly handler: MessageHandler;
  readonly args: object;
  readonly context: ThriftContext;
  close(): Promise<void>;
}

/** Counts the runs of the handler. */
export const runs = { count: 0 };

/** Starts the application and waits until one event has reached its handler. */
export async function startApplication(isAsync: boolean): Promise<Application> {
  let arrive: (arrived: Pick<Application, 'args' | 'context'>) => void;
  const arrived = new Promise<Pick<Application, 'args' | 'context'>>((resolve) => (arrive = resolve));
  const controller = isAsync ? asyncController : syncController;
  const module = moduleOf(controller((args, context) => arrive({ args, context })));
  const carrier = { service: Visits, queue: 'visits', broker: new MemoryBroker() };
  const strategy = new ServerThriftMemory(carrier);
  const app = await ThriftFactory.createMicroservice(module, strategy, { logger: ['error'] });
  await app.listen();
  const client = new ClientThriftMemory(carrier);
  client.emit('visited', event(0));
  const { args, context } = await arrived;
  return {
    ...{ strategy, args, context },
    handler: strategy.getHandlers().get('visited')!,
    async close() {
      await client.close();
      await app.close();
    },
  };
}

type Arrive = (args: object, context: ThriftContext) => void;

function moduleOf(controller: new () => object): new () => object {
  @Module({ controllers: [controller] })
  class VisitsModule {}
  return VisitsModule;
}

function syncController(arrive: Arrive): new () => object {
  @Controller()
  class VisitsController {
    @EventPattern<string>('visited')
    visited(@Payload() args: object, @Ctx() context: ThriftContext): void {
      runs.count += 1;
      arrive(args, context);
    }
  }
  return VisitsController;
}

function asyncController(arrive: Arrive): new () => object {
  @Controller()
  class VisitsController {
    @EventPattern<string>('visited')
    async visited(@Payload() args: object, @Ctx() context: ThriftContext): Promise<void> {
      await Promise.resolve();
      runs.count += 1;
      arrive(args, context);
    }
  }
  return VisitsController;
}
