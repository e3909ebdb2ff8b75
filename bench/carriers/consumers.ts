import { Controller, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { ServerThriftStarling } from 'nestjs-sqs-thrift/starling';
import { type Cost, startCost } from '../kit/cost.js';
import { codec, Visits } from '../kit/events.js';
import { RawConnection } from './raw-starling.js';

/** Describes a queue to empty. */
export interface ConsumeTask {
  readonly consumer: 'library' | 'raw';
  readonly dialect: 'starling' | 'kestrel';
  readonly port: number;
  readonly queue: string;
  readonly events: number;
  /** Items in hand at a time. */
  readonly concurrency: number;
}

/** Empties a queue. Returns the costs between the first and the last event, without the start. */
export async function consume(task: ConsumeTask): Promise<Cost> {
  let count = 0;
  let cost = startCost();
  const event = (): boolean => {
    if (count === 0) cost = startCost();
    count += 1;
    return count === task.events;
  };
  await (task.consumer === 'raw' ? consumeRaw(task, event) : consumeWithNest(task, event));
  if (count !== task.events) throw new Error(`${count} of ${task.events} events came`);
  return cost();
}

/** Handles with a Nest application. */
async function consumeWithNest(
  { port, queue, dialect, concurrency }: ConsumeTask,
  event: () => boolean,
): Promise<void> {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));

  @Controller()
  class EventController {
    @EventPattern<string>('visited')
    visited(): void {
      if (event()) finish();
    }
  }

  @Module({ controllers: [EventController] })
  class EventModule {}

  const strategy = new ServerThriftStarling({ host: '127.0.0.1', port, dialect, queue, concurrency, service: Visits });
  const app = await ThriftFactory.createMicroservice(EventModule, strategy, { logger: ['error'] });
  await app.listen();
  await finished;
  void app.close();
}

/** Handles with loops written by hand: the same commands, one item in hand for each connection. */
async function consumeRaw({ port, queue, dialect, concurrency }: ConsumeTask, event: () => boolean): Promise<void> {
  const loop = async (): Promise<void> => {
    const connection = await RawConnection.open(port);
    const open = dialect === 'kestrel' ? `${queue}/open` : queue;
    for (let body = await connection.get(open); body; body = await connection.get(open)) {
      codec.decode(body);
      event();
      if (dialect === 'kestrel') await connection.get(`${queue}/close`);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
}
