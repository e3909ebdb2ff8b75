import type { INestMicroservice } from '@nestjs/common';
import { type BaseThriftClient, type BaseThriftServer, ThriftFactory, type ThriftService } from 'nestjs-sqs-thrift';
import type { SettledEvent } from 'nestjs-sqs-thrift/port';
import { lastValueFrom } from 'rxjs';
import type { CarrierQueue, StrategyOptions, TestCarrier } from './carrier.js';
import { Outcomes } from './outcomes-contract.js';
import { Journal, OutcomesModule } from './outcomes-app.js';

/** The application over a carrier, and a client that emits to it. */
export class RunningApp {
  readonly settled: SettledEvent[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(
    readonly app: INestMicroservice,
    readonly server: BaseThriftServer,
    readonly client: BaseThriftClient,
    readonly queue: CarrierQueue,
  ) {
    server.on('settled', (event) => {
      this.settled.push(event);
      for (const wake of this.waiting) wake();
    });
  }

  static async start(
    { Client }: TestCarrier,
    queue: CarrierQueue,
    options: Partial<StrategyOptions> = {},
  ): Promise<RunningApp> {
    const server = queue.server({ service: Outcomes, retry: { baseSeconds: 0 }, ...options });
    const app = await ThriftFactory.createMicroservice(OutcomesModule, server, { logger: false });
    const client = new Client(queue.clientOptions(Outcomes));
    const running = new RunningApp(app, server, client, queue);
    await app.listen();
    return running;
  }

  get journal(): Journal {
    return this.app.get(Journal, { strict: false });
  }

  /** Emits a call and waits for its end. Returns the outcome and the receive count of each delivery. */
  async outcomesOf(method: string, args: object = {}): Promise<(readonly [string, number])[]> {
    const from = this.settled.length;
    await this.emit(method, args);
    await this.until(() => this.settled.slice(from).some(({ outcome }) => outcome !== 'retry'));
    return this.settled.slice(from).map(({ outcome, receiveCount }) => [outcome, receiveCount] as const);
  }

  /** Waits until so many deliveries have ended. */
  untilSettled(count: number): Promise<void> {
    return this.until(() => this.settled.length >= count);
  }

  readonly emit = (method: string, args: object = {}): Promise<string> =>
    lastValueFrom(this.client.emit<string>(method, args));

  /** Closes the client, then the application. */
  async close(): Promise<void> {
    await this.client.close();
    await this.app.close();
  }

  private async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }
}

/** Returns a client that emits the calls of another service. */
export function clientOf({ Client }: TestCarrier, queue: CarrierQueue, service: ThriftService): BaseThriftClient {
  return new Client(queue.clientOptions(service));
}
