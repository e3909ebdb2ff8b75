import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  type LoggerService,
  Module,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, ExternalContextCreator } from '@nestjs/core';
import { BaseRpcContext, EventPattern, Payload, RpcException } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RejectEventException, RetryEventException, ThriftFactory } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { throwError } from 'rxjs';
import { closeAll, closeLater, Jobs, TestServer } from './harness.js';

afterEach(closeAll);

const CALLS = 2_000;
const FORGED = 'no\n[Nest] 1  - LOG forged \u001b[2J';

/** An error of the application. */
class Boom extends Error {}

function moduleOf(fail: () => unknown, providers: NonNullable<Parameters<typeof Module>[0]['providers']> = []): Type {
  @Controller()
  class JobsController {
    @EventPattern<string>('ping')
    ping(@Payload() _args: unknown): unknown {
      return fail();
    }
  }
  @Controller('page')
  class PageController {
    @Get()
    page(): void {
      throw new Error('a secret');
    }
  }
  @Module({ controllers: [JobsController, PageController], providers })
  class AppModule {}
  return AppModule;
}

/** Keeps what an application logs as warning or error. */
class LinesLogger implements LoggerService {
  readonly lines: string[] = [];
  log = (): void => undefined;
  warn = (line: unknown): void => void this.lines.push(String(line));
  error = (line: unknown): void => void this.lines.push(String(line));
}

/** Sends a body of failing calls to a worker that `start` starts. Returns what it logs, and how the body ended. */
async function fail(start: (server: TestServer, logger: LinesLogger) => Promise<unknown>) {
  const queue = createMemoryQueue();
  const call = createEventCodec([Jobs]).encode({ method: 'ping', args: {} });
  await queue.send([{ body: Buffer.concat(Array<Buffer>(CALLS).fill(call)).toString('base64') }]);
  const server = new TestServer(queue, { retry: { baseSeconds: 600 } });
  const logger = new LinesLogger();
  await start(server, logger);
  const [event] = await server.untilSettled(1);
  return { lines: logger.lines, event: event! };
}

const throwing = (error: unknown) => (): never => {
  throw error;
};

const FAILURES: readonly [name: string, handler: () => unknown][] = [
  ['an error', throwing(new Error(FORGED))],
  ['an HttpException', throwing(new HttpException(FORGED, 500))],
  ['an RpcException', throwing(new RpcException(FORGED))],
  ['a retry', throwing(new RetryEventException(5))],
  ['a rejection', throwing(new RejectEventException(FORGED))],
  ['a failing stream', () => throwError(() => new Error(FORGED))],
  ['a rejected promise', () => Promise.reject(new Error(FORGED))],
];

type Start = (module: Type, server: TestServer, logger: LinesLogger) => Promise<unknown>;

const APPLICATIONS: readonly [name: string, start: Start][] = [
  [
    'a microservice',
    async (module, server, logger) => {
      await closeLater(
        await ThriftFactory.createMicroservice(module, server, { logger, abortOnError: false }),
      ).listen();
    },
  ],
  [
    'a hybrid application',
    async (module, server, logger) => {
      const app = closeLater(await ThriftFactory.create(module, server, { logger, abortOnError: false }));
      await app.startAllMicroservices();
      await app.init();
    },
  ],
  [
    'a testing module',
    async (module, server, logger) => {
      const compiled = await Test.createTestingModule({ imports: [module] })
        .setLogger(logger)
        .compile();
      await closeLater(await ThriftFactory.createMicroservice(compiled, server)).listen();
    },
  ],
];

describe.each(APPLICATIONS)('a body of which every call fails, in %s', (_application, start) => {
  it.each(FAILURES)('leaves few lines in the log, none of which it forges: %s', async (_name, handler) => {
    const { lines } = await fail((server, logger) => start(moduleOf(handler), server, logger));
    // Some of them warn of methods without a handler.
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(lines.join()).toMatch(/failed and comes back|is rejected/);
    // The frames of a stack follow the line as an argument of their own.
    for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('shows the strategy the errors themselves', async () => {
    const { event } = await fail((server, logger) => start(moduleOf(throwing(new Boom('b'))), server, logger));
    expect((event.error as AggregateError).errors[0]).toBeInstanceOf(Boom);
  });

  it('leaves the error to a filter of the application', async () => {
    let caught = 0;
    @Catch(Boom)
    class BoomFilter implements ExceptionFilter {
      catch(_error: unknown, host: ArgumentsHost): unknown {
        caught += host.getType() === 'rpc' ? 1 : 0;
        return throwError(() => new RejectEventException('by the filter'));
      }
    }
    const module = moduleOf(throwing(new Boom('b')), [{ provide: APP_FILTER, useClass: BoomFilter }]);
    const { event } = await fail((server, logger) => start(module, server, logger));
    expect([caught, event.outcome]).toEqual([CALLS, 'reject']);
  });
});

describe('the HTTP side of a hybrid application', () => {
  it('answers and logs failed requests as Nest does', async () => {
    const logger = new LinesLogger();
    const server = new TestServer(createMemoryQueue());
    const module = moduleOf(() => undefined);
    const app = closeLater(await ThriftFactory.create(module, server, { logger, abortOnError: false }));
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const response = await fetch(`${await app.getUrl()}/page`);
    expect([response.status, await response.json()]).toEqual([
      500,
      { statusCode: 500, message: 'Internal server error' },
    ]);
    expect(logger.lines.join()).toContain('a secret');
  });
});

describe('everything but handlers of a microservice', () => {
  it.each(['ws', 'a context of another package'])('gets its errors as from Nest: %s', async (context) => {
    const server = new TestServer(createMemoryQueue());
    const app = closeLater(
      await ThriftFactory.createMicroservice(
        moduleOf(() => 1),
        server,
        { logger: false },
      ),
    );
    const contexts = app.get(ExternalContextCreator, { strict: false });
    const provider = { fail: throwing(new Boom('b')) };
    const emitted: unknown[] = [];
    const client = { emit: (...event: unknown[]) => emitted.push(event) };
    const type = context === 'ws' ? 'ws' : undefined;
    const handler = contexts.create(
      provider,
      provider.fail,
      'fail',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      type,
    );
    if (context !== 'ws') await expect(handler(client)).rejects.toBeInstanceOf(Boom);
    else {
      await handler(client).catch(() => undefined);
      expect(emitted).toEqual([['exception', { status: 'error', message: 'Internal server error' }]]);
    }
  });

  it('keeps the pipes that a microservice of a hybrid application is given', async () => {
    const seen: unknown[] = [];
    const server = new TestServer(createMemoryQueue());
    const app = closeLater(
      await ThriftFactory.create(
        moduleOf(() => 1),
        server,
        { logger: false },
      ),
    );
    const pipe = {
      transform(value: unknown) {
        seen.push(value);
        return value;
      },
    };
    app.getMicroservices()[0]!.useGlobalPipes(pipe);
    await app.startAllMicroservices();
    await app.init();
    await server.getHandlers().get('ping')!('x', new BaseRpcContext([]));
    expect(seen).toEqual(['x']);
  });
});
