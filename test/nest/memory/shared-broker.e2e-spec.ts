import { Controller, Inject, Logger, Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { ClientThriftMemory, MemoryBroker, ServerThriftMemory } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater, Jobs, TestLog } from '../harness.js';
import { job, startJobs } from './harness.js';

const options = { queue: 'jobs', service: Jobs };
let log: TestLog;
beforeEach(() => {
  log = new TestLog();
  Logger.overrideLogger(log);
});
afterEach(async () => {
  await closeAll();
  Logger.overrideLogger(false);
});

const warnings = (): string[] => log.lines.filter((line) => line.startsWith('warn'));

describe('the queues of the process', () => {
  it('give a later test nothing that an earlier test has left', async () => {
    const earlier = new ServerThriftMemory({ ...options, retry: { baseSeconds: 900 } });
    const app = await startJobs(
      earlier,
      () => {
        throw new Error('not today');
      },
      log,
    );
    const client = new ClientThriftMemory(options);
    await lastValueFrom(client.emit('run', job(1)));
    await earlier.idle();
    await Promise.all([app.close(), client.close()]);
    const seen: number[] = [];
    const later = new ServerThriftMemory(options);
    await startJobs(later, (id) => seen.push(id));
    await later.untilEmpty();
    expect(seen).toEqual([]);
  });

  it('keep what a client has emitted while the client is open', async () => {
    const client = closeLater(new ClientThriftMemory(options));
    await lastValueFrom(client.emit('run', job(1)));
    const seen: number[] = [];
    const server = new ServerThriftMemory(options);
    await startJobs(server, (id) => seen.push(id));
    await server.untilEmpty();
    expect(seen).toEqual([1]);
  });

  it('warn about calls that ended with their queue and were never received', async () => {
    const client = new ClientThriftMemory(options);
    await lastValueFrom(client.emit('run', job(1)));
    await client.close();
    expect(warnings()).toEqual([
      expect.stringMatching(/1 messages of the queue "jobs" were never received.*start the strategy before the client/),
    ]);
  });

  it('refuse a second strategy on a queue, until the first is closed', async () => {
    const first = await startJobs(new ServerThriftMemory(options), () => undefined);
    await expect(startJobs(new ServerThriftMemory(options), () => undefined)).rejects.toThrow(
      /another strategy receives from the queue "jobs" of this process already; close its application first.*MemoryBroker/,
    );
    await first.close();
    await expect(startJobs(new ServerThriftMemory(options), () => undefined)).resolves.toBeDefined();
  });
});

describe('a broker of its own', () => {
  it('keeps two applications apart that use the same names at the same time', async () => {
    const run = async (ids: readonly number[]): Promise<number[]> => {
      const broker = new MemoryBroker();
      const seen: number[] = [];
      const server = new ServerThriftMemory({ ...options, broker });
      const client = closeLater(new ClientThriftMemory({ ...options, broker }));
      await startJobs(server, (id) => seen.push(id));
      for (const id of ids) client.emit('run', job(id));
      await server.idle();
      return seen;
    };
    expect(await Promise.all([run([1, 2]), run([3])])).toEqual([[1, 2], [3]]);
  });

  it('lets two strategies share the work of one queue', async () => {
    const broker = new MemoryBroker();
    const seen: number[] = [];
    for (let worker = 0; worker < 2; worker += 1) {
      await startJobs(new ServerThriftMemory({ ...options, broker }), (id) => seen.push(id));
    }
    const client = closeLater(new ClientThriftMemory({ ...options, broker }));
    for (let id = 0; id < 10; id += 1) client.emit('run', job(id));
    await broker.untilIdle();
    expect(seen).toHaveLength(10);
  });
});

describe('ClientThriftMemory', () => {
  @Controller()
  class WebController {
    constructor(@Inject('JOBS') readonly client: ClientSqsThrift) {}
  }
  @Module({
    imports: [ClientsModule.register([{ name: 'JOBS', customClass: ClientSqsThrift, options }])],
    controllers: [WebController],
  })
  class WebModule {}

  it('closes with the application whose client it stands in for', async () => {
    const client = new ClientThriftMemory(options);
    const module = await Test.createTestingModule({ imports: [WebModule] })
      .setLogger(log)
      .overrideProvider('JOBS')
      .useValue(client)
      .compile();
    const server = new ServerThriftMemory(options);
    const app = await ThriftFactory.create(module, server);
    await app.init();
    await app.startAllMicroservices();
    expect(app.get(WebController).client).toBe(client);
    await lastValueFrom(app.get(WebController).client.emit('ping', {}));
    await app.close();
    await expect(lastValueFrom(client.emit('ping', {}))).rejects.toThrow('is closed');
  });

  it.each<[problem: string, given: object, message: RegExp]>([
    ['an unknown option', { queu: 'jobs' }, /ClientThriftMemory: unknown option queu; did you mean queue\?/],
    ['no queue', {}, /option queue is missing: Jobs.run names no queue in its IDL. Give the name of a queue./],
    [
      'the name of a queue that the contract does not have',
      { queue: 'jobs', queueNames: { a: 'b' } },
      /names no queue "a"/,
    ],
  ])('refuses %s', (_, given, message) => {
    expect(() => new ClientThriftMemory({ service: Jobs, ...given } as never)).toThrow(message);
  });
});
