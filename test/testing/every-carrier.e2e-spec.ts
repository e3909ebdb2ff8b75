import type { INestApplication, Type } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type BaseThriftClient,
  type BaseThriftServer,
  type BaseThriftServerOptions,
  ClientSqsThrift,
  ServerSqsThrift,
  type ThriftContext,
  ThriftFactory,
  ThriftRecordBuilder,
  type ThriftService,
} from 'nestjs-sqs-thrift';
import { ClientThriftMemory, ServerThriftMemory, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { bareEnvironment, useBareEnvironment } from '../carriers/sqs/bare-environment.js';
import { type ClientClass, Journal, OrderedOrders, Orders, OrdersModule } from './orders.js';

type ServerOptions = BaseThriftServerOptions & { readonly queue: string; readonly deadLetterQueue?: string };

/** The queues of a carrier, and the environment in which applications find them. */
interface Started {
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** Everything that differs between two carriers. */
interface Carrier {
  readonly Server: new (options: ServerOptions) => BaseThriftServer;
  readonly Client: ClientClass;
  /** Makes the queues available. */
  readonly start: (queues: readonly string[]) => Promise<Started>;
}

const CARRIERS: readonly [string, Carrier][] = [
  ['in memory', { Server: ServerThriftMemory, Client: ClientThriftMemory, start: startNothing }],
  [
    'on an embedded SQS',
    { Server: ServerSqsThrift, Client: ClientSqsThrift as Type<BaseThriftClient>, start: startSqs },
  ],
];

function startNothing(): Promise<Started> {
  return Promise.resolve({ env: {}, stop: () => Promise.resolve() });
}

async function startSqs(queues: readonly string[]): Promise<Started> {
  const sqs = await startEmbeddedSqs();
  for (const queue of queues) await sqs.createQueue(queue);
  return sqs;
}

async function closeInTurn(closes: readonly (() => unknown)[]): Promise<void> {
  for (const close of closes) await close();
}

useBareEnvironment();

describe.each(CARRIERS)('an application %s', (_, { Server, Client, start }) => {
  const open: (() => unknown)[] = [];
  const closing: Promise<void>[] = [];
  let started: Started;
  let queue: string;
  let count = 0;
  const names = Array.from({ length: 20 }, (_each, at) => `orders-${at}`);

  beforeAll(async () => void (started = await start([...names, ...names.map((name) => `${name}.fifo`), 'orders-dlq'])));
  afterAll(async () => {
    await Promise.all(closing);
    await started.stop();
  });
  beforeEach(() => {
    bareEnvironment(started.env);
    queue = names[(count += 1)]!;
  });
  // A worker ends with its long poll, which lasts a second. The next test has a queue of its own and need not wait for that.
  afterEach(() => void closing.push(closeInTurn(open.splice(0).reverse())));

  interface Running {
    readonly app: INestApplication;
    readonly client: BaseThriftClient;
    readonly journal: Journal;
    /** The contexts of all calls so far. */
    readonly contexts: readonly ThriftContext[];
    /** Resolves with the outcomes once `count` deliveries have ended. */
    readonly settled: (count: number) => Promise<readonly string[]>;
  }

  interface Settings {
    readonly service?: ThriftService;
    readonly server?: Partial<ServerOptions>;
    readonly client?: Record<string, unknown>;
  }

  /** Starts a hybrid application that emits to itself. */
  async function run({ service = Orders, server: more = {}, client = {} }: Settings = {}): Promise<Running> {
    const common = { queue, service };
    const server = new Server({ ...common, waitTimeSeconds: 1, retry: { baseSeconds: 0 }, ...more });
    const contexts: ThriftContext[] = [];
    server.setOnProcessingStartHook((_id, context, done) => {
      contexts.push(context as ThriftContext);
      void done();
    });
    const outcomes: string[] = [];
    const waiting = new Set<() => void>();
    server.on('settled', ({ outcome }) => {
      outcomes.push(outcome);
      for (const wake of waiting) wake();
    });
    const module = OrdersModule.over(Client, { ...common, ...client });
    const app = await ThriftFactory.create(module, server, { logger: false, abortOnError: false });
    open.push(() => app.close());
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const settled = async (wanted: number): Promise<readonly string[]> => {
      while (outcomes.length < wanted) await new Promise<void>((resolve) => waiting.add(resolve));
      return outcomes;
    };
    const found = {
      client: app.get<BaseThriftClient>('ORDERS', { strict: false }),
      journal: app.get(Journal, { strict: false }),
    };
    return { app, contexts, settled, ...found };
  }

  const order = (id: string, userId = 'alice'): object => ({ order: { id, userId } });

  it('handles an event with its arguments, its context and its attributes', async () => {
    const { client, journal, settled, contexts } = await run();
    const record = new ThriftRecordBuilder(order('o1')).setAttributes({ tenant: 'acme' });
    const id = await lastValueFrom(client.emit<string>('place', record));
    expect(await settled(1)).toEqual(['ack']);
    expect(journal.lines).toEqual(['placed o1 of alice, delivery 1']);
    const [context] = contexts;
    expect(context!.getMessageId()).toBe(id);
    expect(context!.getService()).toBe('Orders');
    expect({ ...context!.getAttributes() }).toEqual({ tenant: 'acme' });
  });

  it('retries an event whose handler failed', async () => {
    const { client, journal, settled } = await run();
    await lastValueFrom(client.emit('fail', order('o1')));
    expect(await settled(2)).toEqual(['retry', 'ack']);
    expect(journal.lines).toEqual(['delivery 1 of o1', 'delivery 2 of o1']);
  });

  it('moves a rejected event to the dead-letter queue, from where another strategy handles it', async () => {
    const deadLetters = { poisonPolicy: 'dead-letter', deadLetterQueue: 'orders-dlq' } as const;
    const { client, settled } = await run({ server: deadLetters });
    await lastValueFrom(client.emit('refuse', order('o1', 'nobody')));
    expect(await settled(1)).toEqual(['reject']);
    queue = 'orders-dlq';
    const other = await run({ server: { poisonPolicy: 'drop' } });
    expect(await other.settled(1)).toEqual(['reject']);
    const notes = other.contexts.map(
      (context) => JSON.parse(context.getAttributes()['thrift-dead-letter']!) as unknown,
    );
    expect(notes).toMatchObject([{ reason: 'handler-rejected', detail: 'there is no user nobody', receiveCount: 1 }]);
  });

  it('handles the calls of a packed body, and repeats only the failed call', async () => {
    const { client, journal, settled } = await run({ client: { pack: { lingerMs: 20 } } });
    const emitted = [...['a', 'b', 'c'].map((id) => client.emit('place', order(id))), client.emit('fail', order('d'))];
    const ids = await Promise.all(emitted.map((call) => lastValueFrom(call)));
    expect(new Set(ids).size).toBe(1);
    // The split call is a new message: its receive count begins at 1, so it fails once more.
    expect((await settled(3)).slice(0, 3)).toEqual(['split', 'retry', 'ack']);
    const placed = ['a', 'b', 'c'].map((id) => `placed ${id} of alice, delivery 1`);
    const failed = ['delivery 1 of d', 'delivery 1 of d', 'delivery 2 of d'];
    expect([...journal.lines].sort()).toEqual([...failed, ...placed].sort());
  });

  it('keeps the order of each FIFO group, also when its first event fails', async () => {
    queue = `${queue}.fifo`;
    const { client, journal, settled } = await run({ service: OrderedOrders });
    const ids = ['first', 'second', 'third'];
    const emitted = ids.flatMap((id) => [
      client.emit('placeInOrder', order(id, 'alice')),
      client.emit('placeInOrder', order(`${id}-of-bob`, 'bob')),
    ]);
    await Promise.all(emitted.map((call) => lastValueFrom(call)));
    for (let wanted = 1; journal.lines.length < 6; wanted += 1) await settled(wanted);
    const linesOf = (group: string): string[] => journal.lines.filter((line) => line.startsWith(group));
    expect(linesOf('alice')).toEqual(ids.map((id) => `alice: ${id}`));
    expect(linesOf('bob')).toEqual(ids.map((id) => `bob: ${id}-of-bob`));
  });

  it('applies guards, pipes, interceptors and filters', async () => {
    const { client, journal, settled } = await run();
    await lastValueFrom(client.emit('guarded', order('o1')));
    expect(await settled(2)).toEqual(['retry', 'ack']);
    expect(journal.lines).toEqual(['before guarded', 'guarded ALICE', 'after']);
  });

  it('creates request-scoped providers once for each call', async () => {
    const { client, journal, settled } = await run();
    await Promise.all(['a', 'b'].map((id) => lastValueFrom(client.emit('scoped', order(id)))));
    expect(await settled(2)).toEqual(['ack', 'ack']);
    expect(new Set(journal.lines).size).toBe(2);
  });

  it('lets handlers end on close before their providers are destroyed', async () => {
    const { app, client, journal, settled } = await run();
    let release = (): void => undefined;
    journal.hold = new Promise((resolve) => (release = resolve));
    const begun = new Promise<void>((resolve) => {
      journal.note = (line) => {
        journal.lines.push(line);
        if (line === 'begins') resolve();
      };
    });
    await lastValueFrom(client.emit('slow', order('o1')));
    await begun;
    const closed = app.close();
    release();
    await closed;
    expect(await settled(1)).toEqual(['ack']);
    expect(journal.lines).toEqual(['begins', 'ends', 'destroyed']);
  });

  it('emits for HTTP requests of the same application', async () => {
    const { app, journal, settled } = await run();
    const response = await fetch(`${await app.getUrl()}/orders/o1`, { method: 'POST' });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await settled(1)).toEqual(['ack']);
    expect(journal.lines).toEqual(['placed o1 of web, delivery 1']);
  });
});
