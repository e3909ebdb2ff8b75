import type { INestApplication } from '@nestjs/common';
import { type BaseThriftClient, ThriftFactory } from 'nestjs-sqs-thrift';
import type { SettledEvent } from 'nestjs-sqs-thrift/port';
import {
  ClientThriftStarling,
  ServerThriftStarling,
  type ServerThriftStarlingOptions,
} from 'nestjs-sqs-thrift/starling';
import { type EmbeddedStarling, type EmbeddedStarlingOptions, startEmbeddedStarling } from 'nestjs-sqs-thrift/testing';
import { type ClientClass, Journal, Orders, OrdersModule } from '../../testing/orders.js';
import { closeLater, TestLog } from '../harness.js';

/** A hybrid application that emits to itself over a queue of Starling. */
export interface Running {
  readonly app: INestApplication;
  readonly server: ServerThriftStarling;
  readonly client: BaseThriftClient;
  readonly journal: Journal;
  readonly log: TestLog;
  /** Resolves with the settlements once `count` deliveries have ended. */
  readonly settled: (count: number) => Promise<readonly SettledEvent[]>;
}

export async function startStarling(
  server: NonNullable<EmbeddedStarlingOptions['server']> = 'siberite',
): Promise<EmbeddedStarling> {
  const embedded = await startEmbeddedStarling({ server });
  closeLater({ close: () => embedded.stop() });
  return embedded;
}

/** Starts the application on the queue `orders`. Nothing but the strategy and `customClass` depends on the carrier. */
export async function runOrders(
  { port }: EmbeddedStarling,
  options: Partial<ServerThriftStarlingOptions> = {},
  clientOptions: Record<string, unknown> = {},
): Promise<Running> {
  const common = { queue: 'orders', service: Orders, port };
  const server = new ServerThriftStarling({ ...common, retry: { baseSeconds: 0 }, ...options });
  const events: SettledEvent[] = [];
  const waiting = new Set<() => void>();
  server.on('settled', (event) => {
    events.push(event);
    for (const wake of waiting) wake();
  });
  const log = new TestLog();
  const module = OrdersModule.over(ClientThriftStarling as ClientClass, { ...common, ...clientOptions });
  const app = await ThriftFactory.create(module, server, { logger: log, abortOnError: false });
  closeLater(app);
  await app.startAllMicroservices();
  await app.init();
  return {
    app,
    server,
    log,
    client: app.get<BaseThriftClient>('ORDERS', { strict: false }),
    journal: app.get(Journal, { strict: false }),
    settled: async (count) => {
      while (events.length < count) await new Promise<void>((resolve) => waiting.add(resolve));
      return events;
    },
  };
}

export const order = (id: string, userId = 'alice'): object => ({ order: { id, userId } });
