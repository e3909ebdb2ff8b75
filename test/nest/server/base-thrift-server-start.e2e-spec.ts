import { Controller, Module, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, type CustomStrategy, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { QueueError, ServerSqsThrift, SQS_THRIFT, type ThriftContext } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater, Jobs, Other, startWorker, TestClient, TestLog, TestServer } from '../harness.js';

afterEach(closeAll);

@Controller()
class JobsController {
  @EventPattern<string>('run')
  run(): void {}
  @EventPattern<string>('stop')
  stop(): void {}
  @EventPattern<string>('ping')
  ping(): void {}
}

describe('the check of the handlers at start', () => {
  it('logs no warning when every oneway method has a handler', async () => {
    const dead = createMemoryQueue({ name: 'dead' });
    const queue = createMemoryQueue({ redrive: { maxReceiveCount: 3, deadLetterQueue: dead } });
    const { log } = await startWorker({ controllers: [JobsController], queue });
    expect(log.lines.filter((line) => !line.startsWith('log:'))).toEqual([]);
  });

  it('names handlers without a method and methods without a handler', async () => {
    @Controller()
    class WrongController {
      @EventPattern<string>('rnu')
      rnu(): void {}
      @EventPattern<string>('count')
      count(): void {}
      @EventPattern({ service: 'Nobody', method: 'run' })
      nobody(): void {}
      @MessagePattern('ping')
      ping(): void {}
      @EventPattern({ cmd: 'run' })
      cmd(): void {}
    }
    const { log } = await startWorker({ controllers: [WrongController] });
    const warnings = log.lines.filter((line) => line.startsWith('warn:'));
    expect(warnings).toEqual([
      'warn: the pattern "rnu" names no method of Jobs',
      'warn: the pattern "count": the method is not oneway, so it cannot come over a queue',
      'warn: the pattern {"service":"Nobody","method":"run"} names no method of Jobs',
      'warn: @MessagePattern("ping"): a oneway call has no reply; use @ThriftMethod or @EventPattern',
      `warn: the pattern {"cmd":"run"} names no method; use 'method' or { service, method }`,
      "warn: the oneway method Jobs.run has no handler; write a method with @ThriftMethod(Jobs, 'run') or @EventPattern('run')",
      "warn: the oneway method Jobs.stop has no handler; write a method with @ThriftMethod(Jobs, 'stop') or @EventPattern('stop')",
      "warn: the oneway method Jobs.ping has no handler; write a method with @ThriftMethod(Jobs, 'ping') or @EventPattern('ping')",
      expect.stringContaining('memory has no redrive policy'),
    ]);
  });

  it('refuses to start with mismatched handlers when the option onUnhandledMethod is fail', async () => {
    @Controller()
    class EmptyController {}
    await expect(
      startWorker({ controllers: [EmptyController], options: { onUnhandledMethod: 'fail' } }),
    ).rejects.toThrow(
      "the handlers do not fit the IDL:\n  the oneway method Jobs.run has no handler; write a method with @ThriftMethod(Jobs, 'run') or @EventPattern('run')",
    );
  });
});

describe('the strategy', () => {
  it('rejects listen with the error that prevented the start', async () => {
    const error = new QueueError('the queue "jobs" does not exist', {
      code: 'X',
      kind: 'missing-queue',
      queue: 'jobs',
    });
    @Module({ controllers: [JobsController] })
    class AppModule {}
    const strategy = new TestServer(error);
    const app = await NestFactory.createMicroservice<CustomStrategy>(AppModule, { strategy, logger: false });
    await expect(app.listen()).rejects.toBe(error);
    await app.close();
  });

  it.each([
    [{ service: undefined }, 'option service must be one or several services'],
    [{ concurrency: 0 }, 'concurrency must be a whole number from 1 to 10 000, got 0'],
    [{ waitTimeSeconds: 21 }, 'waitTimeSeconds must be a whole number from 0 to 20, got 21'],
    [{ visibilityTimeoutSeconds: 1 }, 'visibilityTimeoutSeconds must be a whole number from 2 to 43 200, got 1'],
    [{ retry: { factor: 0 } }, 'retry.factor must be a number from 1 to 100, got 0'],
    [{ poisonPolicy: 'dead-letter' }, 'option deadLetterQueue and poisonPolicy'],
    [{ deadLetterQueue: 'dead' }, 'option deadLetterQueue and poisonPolicy'],
    [{ queue: '' }, 'queue'],
    [
      { poisonPolicy: 'deadletter' },
      "poisonPolicy must be 'redrive' or 'dead-letter' or 'drop', got the text \"deadletter\"; did you mean 'dead-letter'?",
    ],
    [{ retry: { maxReceives: 3 } }, "option retry.maxReceives needs poisonPolicy: 'dead-letter' or 'drop'"],
    [{ maxDeadLetters: 0 }, 'maxDeadLetters must be a whole number from 1 to 1 000, got 0'],
    [{ onQueueMissing: 'later' }, "onQueueMissing must be 'fail' or 'wait', got the text \"later\""],
    [{ onUnhandledMethod: 'error' }, "onUnhandledMethod must be 'warn' or 'fail', got the text \"error\""],
    [{ protocol: 'xml' }, 'protocol must be'],
    [{ i64: 'long' }, "i64 must be 'bigint' or 'number', got the text \"long\""],
    [{ unknownFields: 'reject' }, "unknownFields must be 'error' or 'ignore', got the text \"reject\""],
    [{ endpoint: 'localhost:4566' }, 'endpoint'],
    [{ service: [Jobs, Jobs] }, 'two services have the same name'],
  ])('refuses the options %j in the constructor of the strategy', (options, message) => {
    expect(() => new ServerSqsThrift({ queue: 'jobs', service: Jobs, ...options } as never)).toThrow(message);
  });

  it('exposes the status, the queue, the transport id and the handlers', async () => {
    const { app, server, queue } = await startWorker({ controllers: [JobsController] });
    const seen: string[] = [];
    server.status.subscribe((status) => seen.push(status));
    expect(app.unwrap()).toBe(queue);
    expect(new TestServer(queue).unwrap.bind(new TestServer(queue))).toThrow('the queue is not open yet');
    await app.close();
    expect(seen).toEqual(['up', 'stopped']);
    expect(server.transportId).toBe(SQS_THRIFT);
    expect(server.getHandlers().size).toBe(3);
  });

  it('serves several services with the same method name', async () => {
    const seen: string[] = [];
    @Controller()
    class TwoController {
      @EventPattern({ service: 'Jobs', method: 'run' })
      jobs(): void {
        seen.push('Jobs');
      }
      @EventPattern<string>('Other:run')
      other(@Payload() data: unknown, @Ctx() ctx: ThriftContext): void {
        seen.push(`${ctx.getService()}.${ctx.getPattern()} ${JSON.stringify(data)}`);
      }
    }
    const service = [Jobs, Other];
    const { server, queue } = await startWorker({ controllers: [TwoController], options: { service } });
    expect(() => new TestClient(() => Promise.resolve(queue), { service })).toThrow(
      'Jobs and Other both declare "run", and messages name no service. Set the option multiplexed: true',
    );
    const client = new TestClient(() => Promise.resolve(queue), { service, multiplexed: true });
    await lastValueFrom(client.emit({ service: 'Other', method: 'run' }, { job: { id: 1 } }));
    await lastValueFrom(client.emit('Jobs:run', { job: { id: 2 } }));
    await expect(lastValueFrom(client.emit('run', { job: { id: 3 } }))).rejects.toThrow(
      'is declared by Jobs and Other',
    );
    await server.untilSettled(2);
    expect(seen.sort()).toEqual(['Jobs', 'Other.run {"job":{"id":1}}']);
  });

  it('handles calls beside HTTP in a hybrid application with inherited enhancers', async () => {
    const handled: unknown[] = [];
    @Controller()
    class HybridController {
      @Get()
      hello(): string {
        return 'hello';
      }
      @EventPattern<string>('run')
      run(@Payload() data: unknown): void {
        handled.push(data);
      }
    }
    @Module({ controllers: [HybridController] })
    class AppModule {}
    const queue = createMemoryQueue();
    const server = new TestServer(queue);
    const app = closeLater(await NestFactory.create(AppModule, { logger: new TestLog() }));
    let guarded = 0;
    app.useGlobalGuards({ canActivate: () => (guarded += 1) > 0 });
    app.connectMicroservice<CustomStrategy>({ strategy: server }, { inheritAppConfig: true });
    await app.init();
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const client = new TestClient(() => Promise.resolve(queue));
    await lastValueFrom(client.emit('run', { job: { id: 5, note: 'x' } }));
    await server.untilSettled(1);
    expect(handled).toEqual([{ job: { id: 5, note: 'x' } }]);
    expect(guarded).toBe(1);
    expect(await (await fetch(await app.getUrl())).text()).toBe('hello');
  });
});

it('refuses a dead-letter queue that is the queue itself', async () => {
  const queue = createMemoryQueue({ name: 'jobs' });
  const options = { poisonPolicy: 'dead-letter' } as const;
  await expect(
    startWorker({ controllers: [JobsController], options, queue, deadLetters: createMemoryQueue({ name: 'jobs' }) }),
  ).rejects.toThrow('jobs cannot be its own dead-letter queue');
});
