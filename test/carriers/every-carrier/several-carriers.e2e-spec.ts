import { Controller, type INestApplication, Injectable, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseThriftClient, type BaseThriftServer, ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { lastValueFrom } from 'rxjs';
import type { StartedCarrier } from './carrier.js';
import { CARRIERS } from './carriers.js';

const service = findService(
  loadSchemaFromText(`service Jobs {
    oneway void shared(1: string by),
    oneway void pinned(1: string by),
    oneway void failFirst(1: string by),
  }`),
  'Jobs',
);

/** One transport id for each carrier. */
const IDS = CARRIERS.map(({ name }) => Symbol(name));

interface By {
  readonly by: string;
}

/** Notes which handler ran for a call of which client. */
@Injectable()
class Journal {
  readonly lines: string[] = [];
  private readonly failed = new Set<string>();

  note(line: string): void {
    this.lines.push(line);
  }

  failFirst(by: string): void {
    if (this.failed.has(by)) return this.note(`handled again for ${by}`);
    this.failed.add(by);
    throw new Error('not today');
  }
}

@Controller()
class SharedController {
  constructor(private readonly journal: Journal) {}

  @EventPattern<string>('shared')
  shared(@Payload() { by }: By): void {
    this.journal.note(`shared by ${by}`);
  }

  @EventPattern<string>('failFirst')
  failFirst(@Payload() { by }: By): void {
    this.journal.failFirst(by);
  }
}

/** Returns a controller whose handler is pinned to a carrier. */
function pinnedTo(transportId: symbol) {
  @Controller()
  class PinnedController {
    constructor(private readonly journal: Journal) {}

    @EventPattern<string>('pinned', transportId)
    pinned(@Payload() { by }: By): void {
      this.journal.note(`pinned to ${transportId.description}, by ${by}`);
    }
  }
  return PinnedController;
}

@Module({ controllers: [SharedController, ...IDS.map(pinnedTo)], providers: [Journal] })
class JobsModule {}

describe(`one application over ${CARRIERS.map(({ name }) => name).join(', ')}`, () => {
  let started: readonly StartedCarrier[];
  let app: INestApplication;
  let clients: readonly BaseThriftClient[];
  let settled: string[] = [];
  const waiting = new Set<() => void>();

  beforeAll(async () => {
    started = await Promise.all(CARRIERS.map((carrier) => carrier.start()));
    const queues = await Promise.all(started.map((carrier) => carrier.open()));
    const strategies = queues.map((queue, at) => {
      const retry = { baseSeconds: 0 };
      return noting(queue.server({ service, retry, transportId: IDS[at]!, onUnhandledMethod: 'fail' }));
    });
    app = await ThriftFactory.create(JobsModule, strategies, { logger: false, abortOnError: false });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    clients = CARRIERS.map(({ Client }, at) => new Client(queues[at]!.clientOptions(service)));
  });
  afterAll(async () => {
    for (const client of clients ?? []) await client.close();
    await app?.close();
    for (const carrier of started ?? []) await carrier.stop();
  });
  afterEach(() => {
    settled = [];
    app.get(Journal, { strict: false }).lines.length = 0;
  });

  function noting(strategy: BaseThriftServer): BaseThriftServer {
    strategy.on('settled', ({ outcome }) => {
      settled.push(outcome);
      for (const wake of waiting) wake();
    });
    return strategy;
  }

  /** Emits a call by the client of each carrier, and waits for as many deliveries. Returns the sorted notes. */
  async function fanOut(method: string, deliveries: number): Promise<readonly string[]> {
    await Promise.all(
      clients.map((client, at) => lastValueFrom(client.emit(method, { by: `client of ${CARRIERS[at]!.name}` }))),
    );
    while (settled.length < deliveries) await new Promise<void>((resolve) => waiting.add(resolve));
    return app.get(Journal, { strict: false }).lines.sort();
  }

  it('runs a shared handler for the calls of every carrier', async () => {
    const lines = await fanOut('shared', CARRIERS.length);
    expect(lines).toEqual(CARRIERS.map(({ name }) => `shared by client of ${name}`).sort());
  });

  it('runs a pinned handler for the calls of its carrier alone', async () => {
    const lines = await fanOut('pinned', CARRIERS.length);
    expect(lines).toEqual(CARRIERS.map(({ name }) => `pinned to ${name}, by client of ${name}`).sort());
    expect(new Set(settled)).toEqual(new Set(['ack']));
  });

  it('retries a call on the carrier that brought it', async () => {
    const lines = await fanOut('failFirst', 2 * CARRIERS.length);
    expect(lines).toEqual(CARRIERS.map(({ name }) => `handled again for client of ${name}`).sort());
    expect(settled.sort()).toEqual([...CARRIERS.map(() => 'ack'), ...CARRIERS.map(() => 'retry')]);
  });
});
