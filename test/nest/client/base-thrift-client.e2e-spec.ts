import { Controller, Logger } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ContractError,
  PublishError,
  QueueError,
  SqsThriftRecordBuilder,
  ThriftRecord,
  ThriftRecordBuilder,
  type ThriftContext,
} from 'nestjs-sqs-thrift';
import { ThriftWriteError } from 'nestjs-sqs-thrift/codec';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import type { Queue } from '../../../lib/queue/queue.js';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater, Jobs, Other, startWorker, TestClient, TestLog } from '../harness.js';

const log = new TestLog();
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

beforeEach(() => {
  log.lines.length = 0;
  Logger.overrideLogger(log);
});
afterEach(async () => {
  await closeAll();
  expect(unhandled).toEqual([]);
});

const down = new QueueError('nobody answers', { code: 'ECONNREFUSED', kind: 'network', queue: 'jobs' });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function clientOf(queue = createMemoryQueue()): TestClient {
  return closeLater(new TestClient(() => Promise.resolve(queue)));
}

describe('emit', () => {
  it('returns the message id when the queue has stored the call', async () => {
    const queue = createMemoryQueue();
    const id = await lastValueFrom(clientOf(queue).emit<string>('run', { job: { id: 1 } }));
    expect(queue.messages().map((message) => message.id)).toEqual([id]);
  });

  it('sends an emitted call at once, with or without a subscriber', async () => {
    const queue = createMemoryQueue();
    clientOf(queue).emit('run', { job: { id: 1 } });
    for (let i = 0; i < 5; i += 1) await turn();
    expect(queue.depth().visible).toBe(1);
  });

  it('logs a failed emit without a subscriber and leaves no unhandled rejection', async () => {
    const client = clientOf();
    client.emit('run', { job: { id: 'one' } });
    for (let i = 0; i < 5; i += 1) await turn();
    expect(log.text()).toMatch(/error: run was not stored by the queue: .*job\.id/);
  });

  it('logs a failed opening of the queue, rejects the emit and opens the queue at the next emit', async () => {
    let working = false;
    const queue = createMemoryQueue();
    const open = (): Promise<Queue> => (working ? Promise.resolve(queue) : Promise.reject(down));
    const client = closeLater(new TestClient(open, { maxAttempts: 1, deliveryTimeoutMs: 0 }));
    const both = [1, 2].map((id) => lastValueFrom(client.emit('run', { job: { id } })));
    expect(await Promise.allSettled(both)).toEqual([
      { status: 'rejected', reason: down },
      { status: 'rejected', reason: down },
    ]);
    expect(log.lines).toEqual([
      'error: cannot send to jobs (1 in a row): ECONNREFUSED: nobody answers',
      'error: run was not stored by the queue: ECONNREFUSED: nobody answers',
    ]);
    working = true;
    await lastValueFrom(client.emit('run', { job: { id: 3 } }));
    expect(client.opened).toBe(2);
    expect(queue.depth().visible).toBe(1);
  });

  it('retries a temporarily failed opening of the queue for the waiting calls', async () => {
    const queue = createMemoryQueue();
    let failures = 2;
    const open = (): Promise<Queue> => (failures-- > 0 ? Promise.reject(down) : Promise.resolve(queue));
    const client = closeLater(new TestClient(open, { retryBaseMs: 1 }));
    await Promise.all([1, 2].map((id) => lastValueFrom(client.emit('run', { job: { id } }))));
    expect([client.opened, queue.depth().visible]).toEqual([3, 2]);
    expect(log.lines).toEqual([
      'error: cannot send to jobs (1 in a row): ECONNREFUSED: nobody answers',
      'log: sending to jobs again',
    ]);
  });

  it.each([
    ['rnu', {}, ContractError, 'Jobs has no method "rnu"; its oneway methods: run, stop, ping'],
    [
      'count',
      {},
      ContractError,
      'Jobs.count is not oneway: a call over a queue has no reply; declare the method "oneway void" in',
    ],
    [{ service: 'Nobody', method: 'run' }, {}, ContractError, 'unknown service "Nobody"; known here: Jobs'],
    [{ cmd: 'run' }, {}, ContractError, "emit takes 'method' or { service, method }"],
    ['run', { job: { id: '1' } }, ThriftWriteError, 'run.job.id'],
    ['run', { job: { id: 2 ** 31 } }, ThriftWriteError, 'run.job.id'],
    ['run', { job: {} }, ThriftWriteError, 'run.job.id'],
    ['run', { job: { id: 1, note: 7 } }, ThriftWriteError, 'run.job.note'],
    ['run', 'text', ThriftWriteError, 'run'],
  ])('refuses to emit %j with %j', async (pattern, data, type, message) => {
    const failed: unknown = await lastValueFrom(clientOf().emit(pattern, data)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(type as never);
    expect((failed as Error).message).toContain(message);
  });

  it('rejects send because a oneway call has no reply', async () => {
    await expect(lastValueFrom(clientOf().send('run', {}))).rejects.toThrow(
      '"run" is a oneway call and has no reply: use emit() instead of send()',
    );
  });

  it('sends waiting calls on close and rejects a later emit', async () => {
    const queue = createMemoryQueue();
    const client = clientOf(queue);
    const emits = [1, 2, 3].map((id) => lastValueFrom(client.emit<string>('run', { job: { id } })));
    await turn();
    await Promise.all([client.close(), client.close()]);
    expect(new Set(await Promise.all(emits)).size).toBe(3);
    await expect(lastValueFrom(client.emit('run', { job: { id: 4 } }))).rejects.toBeInstanceOf(PublishError);
  });
});

describe('the attributes of a call', () => {
  it('prefers the attributes of a record over the metadata of the packet', async () => {
    const seen: Record<string, unknown>[] = [];
    @Controller()
    class JobsController {
      @EventPattern<string>('run')
      run(@Payload() data: unknown, @Ctx() ctx: ThriftContext): void {
        const { tenant } = ctx.getMetadata();
        seen.push({
          data,
          tenant,
          group: ctx.getGroupId(),
          age: ctx.getSentAt()! <= new Date(),
          id: ctx.getMessageId(),
        });
      }
    }
    const { client, server } = await startWorker({ controllers: [JobsController] });
    const setHook = (client as { setOnDispatchHook?: (hook: (packet: object) => void) => void }).setOnDispatchHook;
    setHook?.call(client, (packet) => Object.assign(packet, { metadata: { tenant: 'hook', trace: 'abc' } }));
    const record = new SqsThriftRecordBuilder({ job: { id: 1 } })
      .setGroupId('g')
      .setAttributes({ tenant: 'acme' })
      .build();
    const id = await lastValueFrom(client.emit<string>('run', record));
    await server.untilSettled(1);
    expect(seen).toEqual([{ data: { job: { id: 1 } }, tenant: 'acme', group: 'g', age: true, id }]);
  });
});

describe('a carrier without attributes', () => {
  class BareClient extends TestClient {
    protected override get carrier() {
      return { body: 'text', attributes: false } as const;
    }
  }

  function bareClient() {
    const queue = createMemoryQueue();
    Object.assign(queue, { features: { ...queue.features, attributes: false } });
    return { queue, client: closeLater(new BareClient(() => Promise.resolve(queue))) };
  }

  it.each([
    ['attributes', (record: SqsThriftRecordBuilder) => record.setAttributes({ tenant: 'acme' })],
    ['an event id', (record: SqsThriftRecordBuilder) => record.setEventId('charge-17')],
  ])('refuses a record with %s and sends nothing', async (_, set) => {
    const { queue, client } = bareClient();
    const record = set(new SqsThriftRecordBuilder({ job: { id: 1 } })).build();
    await expect(lastValueFrom(client.emit('run', record))).rejects.toMatchObject({ code: 'attributes-refused' });
    expect(queue.messages()).toEqual([]);
    expect(log.lines).toEqual([
      'error: run was not stored by memory: run has attributes, and memory carries no attributes. Leave out the attributes and the event id, or make them arguments of the method.',
    ]);
  });

  it('leaves out the metadata of the dispatch hook and stores the call', async () => {
    const { queue, client } = bareClient();
    Object.assign(client, {
      onDispatchHook: (packet: object) => Object.assign(packet, { metadata: { trace: 'abc' } }),
    });
    await lastValueFrom(client.emit('run', { job: { id: 1 } }));
    expect(queue.messages()).toMatchObject([{ attributes: {} }]);
  });
});

describe('the record builder', () => {
  it('emits the same call from a builder as from the record that it builds', async () => {
    const queue = createMemoryQueue();
    const client = clientOf(queue);
    const builder = new ThriftRecordBuilder({ job: { id: 1 } }).setGroupId('g').setAttributes({ tenant: 'acme' });
    await lastValueFrom(client.emit('run', builder));
    await lastValueFrom(client.emit('run', builder.build()));
    const [first, second] = queue.messages();
    expect(first).toMatchObject({ groupId: 'g', attributes: { tenant: 'acme' } });
    expect(second).toMatchObject({ groupId: 'g', attributes: { tenant: 'acme' }, body: first!.body });
  });

  it('replaces its arguments and keeps its options, those of SQS included', () => {
    const builder = new SqsThriftRecordBuilder({ id: 1 }).setDeduplicationId('d').setDelay(5);
    const record = builder.setArgs({ id: 'two' }).setGroupId('g').build();
    expect(record).toBeInstanceOf(ThriftRecord);
    expect({ ...record }).toEqual({
      args: { id: 'two' },
      options: { deduplicationId: 'd', delaySeconds: 5, groupId: 'g' },
    });
  });

  it('sets a valid event id as an attribute and refuses an invalid event id', () => {
    const build = (id: string): unknown =>
      new SqsThriftRecordBuilder({}).setEventId(id).setAttributes({ tenant: 'a' }).build().options;
    expect(build('charge-17')).toEqual({ attributes: { tenant: 'a', 'thrift-event-id': 'charge-17' } });
    expect(() => build('two words')).toThrow(RangeError);
    expect(() => build('')).toThrow(/1 to 256/);
  });
});

describe('the stub', () => {
  it('offers the oneway methods of a service with positional arguments', async () => {
    const seen: unknown[] = [];
    @Controller()
    class JobsController {
      @EventPattern<string>('stop')
      stop(@Payload() data: unknown): void {
        seen.push(data);
      }
    }
    const { client, server, queue } = await startWorker({ controllers: [JobsController] });
    const stub = client.getService(Jobs);
    expect(Object.keys(stub)).toEqual(['run', 'stop', 'ping']);
    expect(await stub['stop']!(7, 'done')).toMatch(/^[0-9a-f-]{36}$/);
    await server.untilSettled(1);
    expect(seen).toEqual([{ id: 7, why: 'done' }]);
    await expect(stub['stop']!(1, 'a', 'b')).rejects.toThrow('stop takes 2 arguments (id, why), not 3');
    expect(() => client.getService(Other)).toThrow('this client was not given the service "Other"');
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});
