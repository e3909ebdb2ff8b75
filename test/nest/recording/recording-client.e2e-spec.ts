import { Controller, Inject, Logger, Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type BaseThriftClient, ClientSqsThrift, ThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { RecordingClient, type RecordingClientOptions } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { TestLog } from '../harness.js';

const schema = loadSchemaFromText(
  `
  enum Size { SMALL = 1, LARGE = 2 }
  struct Order { 1: required i64 id, 2: required string userId, 3: Size size = Size.SMALL, 4: optional set<string> tags }
  service Orders {
    oneway void place(1: Order order) (sqs.group = "order.userId"),
    oneway void cancel(1: i64 id),
  }`,
  { fileName: 'orders.thrift' },
);
const service = findService(schema, 'Orders');

interface OrderInput {
  id: number | bigint;
  userId: string;
  tags?: readonly string[];
}
/** The interface that a generated module exports for the service. */
interface OrdersMethods {
  place: {
    emit: { order: OrderInput };
    handle: { order: { id: bigint; userId: string; size: number; tags?: Set<string> } };
  };
  cancel: { emit: { id: number | bigint }; handle: { id: bigint } };
}

@Controller()
class OrdersController {
  constructor(@Inject('ORDERS') private readonly client: BaseThriftClient<OrdersMethods>) {}

  place(userId: string): Promise<string> {
    return lastValueFrom(this.client.emit('place', { order: { id: 1, userId, tags: ['a'] } }));
  }

  /** Awaits nothing, as code that does not care about the result. */
  placeAndForget(): void {
    this.client.emit('place', { order: { id: 2, userId: 'bob' } });
  }
}

function record(options: Partial<RecordingClientOptions> = {}): RecordingClient<OrdersMethods> {
  return new RecordingClient<OrdersMethods>({ service, ...options });
}

beforeAll(() => void Logger.overrideLogger(false));

describe('RecordingClient', () => {
  let client: RecordingClient<OrdersMethods>;
  beforeEach(() => {
    client = record();
  });

  it('records a call as its handler would get it, with the routing of the IDL', async () => {
    expect(await new OrdersController(client).place('alice')).toBe('recorded-1');
    expect(client.calls).toEqual([
      {
        service: 'Orders',
        method: 'place',
        args: { order: { id: 1n, userId: 'alice', size: 1, tags: new Set(['a']) } },
        options: { groupId: 'alice' },
      },
    ]);
  });

  it('records a call before emit returns', () => {
    new OrdersController(client).placeAndForget();
    client.emit('cancel', { id: 1 });
    expect(client.calls.map(({ method }) => method)).toEqual(['place', 'cancel']);
  });

  it('records what was emitted even if the arguments change afterwards', () => {
    const order = { id: 1, userId: 'alice' };
    client.emit('place', { order });
    order.userId = 'mallory';
    expect(client.argsOf('place')).toMatchObject([{ order: { userId: 'alice' } }]);
  });

  it('gives the arguments the type of their method', () => {
    client.emit('cancel', { id: 7 });
    const [args] = client.argsOf('cancel');
    const id: bigint = args!.id;
    expect(id).toBe(7n);
    for (const call of client.calls) {
      if (call.method === 'cancel') expect(call.args.id).toBe(id);
      // @ts-expect-error the arguments of the other methods have no id
      else expect(call.args.id).toBeUndefined();
    }
    // @ts-expect-error the client has no such method
    expect(client.argsOf('cancle')).toEqual([]);
  });

  it('records stubs, records of a builder and emitAll like emit', async () => {
    await client.getService(service)['cancel']!(1);
    client.emit('cancel', new ThriftRecordBuilder({ id: 2 }).setDelay(5).setAttributes({ tenant: 'acme' }));
    await client.emitAll('cancel', [{ id: 3 }, { id: 4 }]);
    expect(client.argsOf('cancel')).toEqual([{ id: 1n }, { id: 2n }, { id: 3n }, { id: 4n }]);
    expect(client.calls[1]!.options).toEqual({ delaySeconds: 5, attributes: { tenant: 'acme' } });
  });

  it.each<[problem: string, options: Partial<RecordingClientOptions>, emit: [string, object], message: RegExp]>([
    ['a wrong argument', {}, ['place', { order: { id: 'one', userId: 'a' } }], /order\.id/],
    ['a missing field', {}, ['place', { order: { id: 1 } }], /userId/],
    ['an unknown key', {}, ['cancel', { ident: 1 }], /ident/],
    ['an unknown method', {}, ['plaec', {}], /has no method "plaec"/],
    ['no group on a FIFO queue', { queue: 'orders.fifo' }, ['cancel', { id: 1 }], /needs a message group id/],
    [
      'a body over the limit',
      {},
      ['place', { order: { id: 1, userId: 'u', tags: ['x'.repeat(2e6)] } }],
      /accepts 1048576/,
    ],
  ])('rejects %s as in production, and records nothing', async (_, options, [method, args], message) => {
    const untyped = new RecordingClient({ service, ...options });
    await expect(lastValueFrom(untyped.emit(method, args))).rejects.toThrow(message);
    expect(untyped.calls).toEqual([]);
  });

  it('fails calls as told, reports the failures, and succeeds again after reset', async () => {
    const failures: string[] = [];
    client.on('emit-failed', ({ method }) => failures.push(method));
    client.failWith(new Error('the queue is down'));
    await expect(new OrdersController(client).place('alice')).rejects.toThrow('the queue is down');
    client.failWith((call) => (call.method === 'place' ? new Error(`no ${call.args.order.userId}`) : undefined));
    await expect(new OrdersController(client).place('bob')).rejects.toThrow('no bob');
    await lastValueFrom(client.emit('cancel', { id: 1 }));
    expect(client.calls).toMatchObject([{ method: 'cancel' }]);
    client.reset();
    expect(client.calls).toEqual([]);
    expect(await new OrdersController(client).place('carol')).toBe('recorded-1');
    expect(failures).toEqual(['place', 'place']);
  });

  it('rejects calls after close, and send() always', async () => {
    await expect(lastValueFrom(client.send('place', {}))).rejects.toThrow('use emit() instead of send()');
    await client.connect();
    await client.close();
    await expect(lastValueFrom(client.emit('cancel', { id: 1 }))).rejects.toThrow('is closed. Emit before close()');
    await expect(client.connect()).rejects.toThrow('is closed');
    expect(() => client.unwrap()).toThrow('no queue is open');
  });

  it('refuses an unknown option with a suggestion', () => {
    expect(() => record({ quue: 'a' } as never)).toThrow('RecordingClient: unknown option quue; did you mean queue?');
  });
});

describe('a RecordingClient in a testing module', () => {
  it('stands in for another client by its token, and closes with the application', async () => {
    @Module({
      imports: [
        ClientsModule.register([
          { name: 'ORDERS', customClass: ClientSqsThrift, options: { queue: 'orders', service } },
        ]),
      ],
      controllers: [OrdersController],
    })
    class OrdersModule {}
    const client = record();
    const module = await Test.createTestingModule({ imports: [OrdersModule] })
      .setLogger(new TestLog())
      .overrideProvider('ORDERS')
      .useValue(client)
      .compile();
    await module.get(OrdersController).place('alice');
    expect(client.calls).toMatchObject([{ method: 'place', args: { order: { userId: 'alice' } } }]);
    await module.close();
    await expect(lastValueFrom(client.emit('cancel', { id: 1 }))).rejects.toThrow('is closed');
  });

  it('works as the customClass of ClientsModule', async () => {
    const clients = ClientsModule.register([
      { name: 'ORDERS', customClass: RecordingClient, options: { service, queue: 'orders' } },
    ]);
    const module = await Test.createTestingModule({ imports: [clients], controllers: [OrdersController] }).compile();
    await module.get(OrdersController).place('alice');
    const client = module.get<RecordingClient<OrdersMethods>>('ORDERS', { strict: false });
    expect(client.argsOf('place')).toMatchObject([{ order: { userId: 'alice' } }]);
    await module.close();
  });
});
