import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { ThriftHealthIndicator } from 'nestjs-sqs-thrift/terminus';
import type { WorkerState } from 'nestjs-sqs-thrift/health';
import { ClientThriftMemory, ServerThriftMemory } from 'nestjs-sqs-thrift/testing';
import { closeAll, closeLater, Jobs, TestLog } from '../../nest/harness.js';

afterEach(closeAll);

const client = new ClientThriftMemory({ service: Jobs, queue: 'jobs' });

@Controller()
class HealthController {
  constructor(
    readonly health: HealthCheckService,
    readonly thrift: ThriftHealthIndicator,
  ) {}
  @Get('ready')
  ready(): unknown {
    return this.health.check([
      () => this.thrift.workerReady('worker', 'jobs'),
      () => this.thrift.clientReady('mails', client),
    ]);
  }
  @Get('live')
  live(): unknown {
    return this.health.check([() => this.thrift.workerAlive('worker')]);
  }
  @EventPattern<string>('run')
  run(): void {}
}
Reflect.defineMetadata('design:paramtypes', [HealthCheckService, ThriftHealthIndicator], HealthController);

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [ThriftHealthIndicator],
})
class AppModule {}

describe('ThriftHealthIndicator in an application with HTTP', () => {
  it('answers about the worker and the client, in their phases', async () => {
    const strategy = new ServerThriftMemory({ service: Jobs, queue: 'jobs' });
    const app = closeLater(await ThriftFactory.create(AppModule, strategy, { logger: new TestLog() }));
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const ask = async (path: string): Promise<[number, Record<string, unknown>]> => {
      const response = await fetch(`${url}/${path}`);
      const body = (await response.json()) as { details: Record<string, unknown> };
      return [response.status, body.details];
    };
    expect(await ask('ready')).toMatchObject([
      503,
      { worker: { status: 'down', state: 'starting', reason: expect.any(String) }, mails: { status: 'up' } },
    ]);
    expect(await ask('live')).toMatchObject([200, { worker: { status: 'up' } }]);
    await app.startAllMicroservices();
    expect(await ask('ready')).toMatchObject([200, { worker: { status: 'up', state: 'up', queue: 'jobs' } }]);
    await strategy.pause();
    expect(await ask('ready')).toMatchObject([200, { worker: { status: 'up', state: 'paused' } }]);
    await strategy.close();
    expect(await ask('ready')).toMatchObject([503, { worker: { status: 'down', state: 'stopped' } }]);
    await client.close();
    expect(await ask('ready')).toMatchObject([503, { mails: { status: 'down', state: 'stopped' } }]);
  });
});

describe('ThriftHealthIndicator', () => {
  const stalled: { readonly state: WorkerState } = {
    state: {
      queue: 'jobs',
      status: 'up',
      openReceives: 0,
      slotsTaken: 10,
      slots: 10,
      runningCalls: 10,
      inHand: 10,
      oldestInHandMs: 400_000,
      sinceAttemptMs: 400_000,
      sinceReceiveMs: 400_000,
      stalledMs: 400_000,
      failure: undefined,
    },
  };

  it('reports a stalled worker as degraded with Terminus 12', () => {
    const thrift = new ThriftHealthIndicator(new HealthIndicatorService());
    const reason = 'no slot has become free for 400 s';
    expect(thrift.workerReady('worker', stalled)).toMatchObject({ worker: { status: 'degraded', reason } });
    expect(thrift.workerReady('worker', stalled, { stalled: 'down' })).toMatchObject({ worker: { status: 'down' } });
    expect(thrift.workerAlive('worker', stalled, { maxStallMs: 60_000 })).toMatchObject({ worker: { status: 'down' } });
  });

  it('reports a stalled worker as up and degraded with Terminus 11, which has no third status', () => {
    const old = {
      check: (key: string) => ({
        up: (data: object) => ({ [key]: { status: 'up', ...data } }),
        down: (data: object) => ({ [key]: { status: 'down', ...data } }),
      }),
    };
    const thrift = new ThriftHealthIndicator(old as unknown as HealthIndicatorService);
    expect(thrift.workerReady('worker', stalled)).toMatchObject({ worker: { status: 'up', degraded: true } });
  });

  it('explains that there is no strategy to ask', () => {
    const thrift = new ThriftHealthIndicator(new HealthIndicatorService());
    expect(() => thrift.workerReady('worker')).toThrow(/ThriftWorkers is not provided; create the application with/);
  });
});
