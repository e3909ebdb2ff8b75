import { Controller, Injectable, Module, type OnApplicationBootstrap, type PipeTransform } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type BaseThriftServer, ServerSqsThrift, type StrategySource, ThriftFactory } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { gate, sendOne } from './deliver.js';
import { closeAll, closeLater, Jobs, TestClient, TestLog, TestServer } from './harness.js';

const seen: string[] = [];
/** Opens when a provider may finish its bootstrap. */
let bootstrapping = gate();

@Injectable()
class Database implements OnApplicationBootstrap {
  async onApplicationBootstrap(): Promise<void> {
    seen.push('bootstrap begins');
    await bootstrapping.opened;
    seen.push('bootstrap ends');
  }
}

@Controller()
class JobsController {
  @EventPattern<string>('run')
  run(@Payload() { job }: { job: { id: number } }): void {
    seen.push(`job ${job.id}`);
  }
}

@Module({ controllers: [JobsController], providers: [Database] })
class AppModule {}

const quiet = { logger: false, abortOnError: false } as const;
const anyOf = (value: unknown): StrategySource => value as StrategySource;

beforeEach(() => {
  seen.length = 0;
  bootstrapping = gate();
});
afterEach(closeAll);

describe('a strategy that is wired wrongly', () => {
  const options = { queue: 'backup', service: Jobs };

  it.each<[what: string, source: () => unknown, message: RegExp]>([
    ['its options', () => options, /needs a strategy.*got its options; create the strategy with new/],
    ['its class', () => ServerSqsThrift, /got the class ServerSqsThrift; create an object of it with new/],
    ['nothing', () => undefined, /the second argument is undefined/],
    ['a list of nothing', () => [undefined], /an item of the second argument is undefined/],
    ['a factory of nothing', () => ({ useFactory: () => undefined }), /the result of useFactory is undefined/],
    ['a promise', () => Promise.resolve(new TestServer(createMemoryQueue())), /got a promise; await it/],
    ['a client', () => new TestClient(() => Promise.resolve(createMemoryQueue())), /got a client; register it with/],
    [
      'one strategy twice',
      () => Array<TestServer>(2).fill(new TestServer(createMemoryQueue())),
      /one strategy is listed twice; list it once/,
    ],
    ['an empty list', () => [], /got an empty list; pass at least one strategy/],
    ['an object around it', () => ({ strategy: new TestServer(createMemoryQueue()) }), /pass the strategy itself/],
    ['the name of a queue', () => 'backup', /got string/],
    ['a module', () => ({ module: AppModule }), /pass the module first, then the strategy/],
    ['an object of another class', () => new Map(), /got an object of the class Map/],
    ['a list with its options', () => [options], /got its options/],
    ['a factory of its options', () => ({ useFactory: () => options }), /got its options/],
    [
      'two strategies with one transport id',
      () => [new TestServer(createMemoryQueue()), new TestServer(createMemoryQueue())],
      /two strategies have the transport id Symbol\(.+\); give each its own symbol/,
    ],
  ])('is refused with a remedy by ThriftFactory, given %s', async (_, source, message) => {
    const create = async (): Promise<unknown> => ThriftFactory.create(AppModule, anyOf(source()), quiet);
    await expect(create()).rejects.toThrow(TypeError);
    await expect(create()).rejects.toThrow(message);
    const createMicroservice = async (): Promise<unknown> =>
      ThriftFactory.createMicroservice(AppModule, anyOf(source()), quiet);
    await expect(createMicroservice()).rejects.toThrow(message);
  });

  it('is refused with a remedy if a microservice gets several', async () => {
    const two = [
      new TestServer(createMemoryQueue()),
      new TestServer(createMemoryQueue(), { transportId: Symbol('b') }),
    ];
    await expect(ThriftFactory.createMicroservice(AppModule, two, quiet)).rejects.toThrow(
      /a microservice has one strategy, and there are 2; use ThriftFactory.create/,
    );
  });
});

describe('a strategy that is not started', () => {
  let log: TestLog;
  beforeEach(() => {
    log = new TestLog();
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const warnings = (): string[] => log.lines.filter((line) => line.startsWith('warn: the strategy'));
  const hybrid = async (strategy: BaseThriftServer) =>
    closeLater(await ThriftFactory.create(AppModule, strategy, { logger: log, abortOnError: false }));

  it('logs a warning with the remedy after 5 s', async () => {
    const app = await hybrid(new TestServer(createMemoryQueue()));
    bootstrapping.open();
    await app.init();
    await jest.advanceTimersByTimeAsync(4_999);
    expect(warnings()).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(warnings()).toEqual([expect.stringMatching(/has not been started for 5 s.*app\.startAllMicroservices\(\)/)]);
  });

  it('logs a warning with the remedy if the application itself does not start', async () => {
    const app = await hybrid(new TestServer(createMemoryQueue()));
    await app.startAllMicroservices();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(warnings()).toEqual([
      expect.stringMatching(/listens, but receives nothing.*app\.init\(\) or app\.listen\(\)/),
    ]);
  });

  it('logs no warning if it is started, or closed', async () => {
    const app = await hybrid(new TestServer(createMemoryQueue()));
    bootstrapping.open();
    await app.init();
    await app.startAllMicroservices();
    await new TestServer(createMemoryQueue()).close();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(warnings()).toEqual([]);
  });
});

describe('an application of ThriftFactory', () => {
  it.each([
    ['before', ['startAllMicroservices', 'init']],
    ['after', ['init', 'startAllMicroservices']],
  ] as const)(
    'handles nothing before its bootstrap if the microservices start %s the application',
    async (_, [first, second]) => {
      const queue = createMemoryQueue();
      await sendOne(new TestClient(() => Promise.resolve(queue)));
      const strategy = new TestServer(queue);
      const app = closeLater(await ThriftFactory.create(AppModule, strategy, quiet));
      if (first === 'init') bootstrapping.open();
      await app[first]();
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(seen.filter((fact) => fact.startsWith('job'))).toEqual([]);
      bootstrapping.open();
      await app[second]();
      await strategy.untilSettled(1);
      expect(seen).toEqual(['bootstrap begins', 'bootstrap ends', 'job 1']);
    },
  );

  it('applies global pipes that are set after its creation', async () => {
    const queue = createMemoryQueue();
    const strategy = new TestServer(queue);
    const app = closeLater(await ThriftFactory.create(AppModule, strategy, quiet));
    const pipe: PipeTransform = {
      transform: (value: { job: { id: number } }) => ({ ...value, job: { ...value.job, id: value.job.id + 100 } }),
    };
    app.useGlobalPipes(pipe);
    bootstrapping.open();
    await app.startAllMicroservices();
    await app.init();
    await sendOne(new TestClient(() => Promise.resolve(queue)));
    await strategy.untilSettled(1);
    expect(seen.at(-1)).toBe('job 101');
  });

  it('takes strategies from a factory with injected dependencies', async () => {
    const queue = createMemoryQueue();
    const settings = { waitTimeSeconds: 0 };
    @Module({ providers: [{ provide: 'SETTINGS', useValue: settings }], exports: ['SETTINGS'] })
    class SettingsModule {}
    let strategy: TestServer | undefined;
    const app = closeLater(
      await ThriftFactory.createMicroservice(
        AppModule,
        {
          imports: [SettingsModule],
          inject: ['SETTINGS'],
          useFactory: async (injected: typeof settings) => (strategy = new TestServer(queue, injected)),
        },
        quiet,
      ),
    );
    bootstrapping.open();
    await app.listen();
    await sendOne(new TestClient(() => Promise.resolve(queue)));
    await strategy!.untilSettled(1);
    expect(seen.at(-1)).toBe('job 1');
  });
});
