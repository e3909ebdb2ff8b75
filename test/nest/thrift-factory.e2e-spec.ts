import { Controller, Injectable, type LoggerService, Module, type OnModuleDestroy, type Type } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type BaseThriftServer,
  ClientSqsThrift,
  ServerSqsThrift,
  SqsThriftContext,
  ThriftFactory,
} from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { createMemoryQueue, type EmbeddedSqs, type MemoryQueue, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { gate, sendOne } from './deliver.js';
import { closeAll, closeLater, Jobs, Other, TestClient, TestLog, TestServer } from './harness.js';

const Orders = findService(loadSchemaFromText('service Orders { oneway void place() }'), 'Orders');
const FAST = Symbol('fast');
const SLOW = Symbol('slow');

let sqs: EmbeddedSqs;
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
});
afterAll(() => sqs.stop());
afterEach(closeAll);

/** Creates a hybrid application over strategies, which does not listen for HTTP. */
async function hybrid(
  strategies: readonly BaseThriftServer[],
  controllers: Type[] = [],
  providers: Type[] = [],
  logger: LoggerService | false = false,
) {
  @Module({ controllers, providers })
  class AppModule {}
  return closeLater(await ThriftFactory.create(AppModule, strategies, { logger, abortOnError: false }));
}

function send(queue: MemoryQueue): Promise<unknown> {
  return sendOne(new TestClient(() => Promise.resolve(queue)));
}

describe('several strategies in one application', () => {
  it('handles calls by the handlers of the strategy and by handlers without a transport', async () => {
    const seen: string[] = [];
    @Controller()
    class JobsController {
      @EventPattern<string>('run', FAST)
      fast(): void {
        seen.push('fast');
      }

      @EventPattern<string>('run', SLOW)
      slow(): void {
        seen.push('slow');
      }

      @EventPattern<string>('run')
      both(): void {
        seen.push('both');
      }
    }
    const queues = [createMemoryQueue(), createMemoryQueue()] as const;
    const fast = new TestServer(queues[0], { transportId: FAST });
    const slow = new TestServer(queues[1], { transportId: SLOW });
    const app = await hybrid([fast, slow], [JobsController]);
    await app.init();
    await app.startAllMicroservices();
    await send(queues[1]);
    await slow.untilSettled(1);
    expect(seen.splice(0).sort()).toEqual(['both', 'slow']);
    await send(queues[0]);
    await fast.untilSettled(1);
    expect(seen.sort()).toEqual(['both', 'fast']);
  });

  it.each([[[FAST, SLOW]], [[SLOW, FAST]]])(
    'drains every strategy before a provider of the handlers is destroyed',
    async (ids) => {
      const facts: string[] = [];
      const begun = { fast: gate(), slow: gate() };
      const end = { fast: gate(), slow: gate() };
      const handle = async (kind: 'fast' | 'slow'): Promise<void> => {
        begun[kind].open();
        await end[kind].opened;
        facts.push(kind);
      };
      @Injectable()
      class Resource implements OnModuleDestroy {
        onModuleDestroy(): void {
          facts.push('destroyed');
        }
      }
      @Controller()
      class JobsController {
        @EventPattern<string>('run', FAST)
        fast(): Promise<void> {
          return handle('fast');
        }

        @EventPattern<string>('run', SLOW)
        slow(): Promise<void> {
          return handle('slow');
        }
      }
      const queues = ids.map(() => createMemoryQueue());
      const strategies = ids.map((transportId, at) => new TestServer(queues[at]!, { transportId }));
      const app = await hybrid(strategies, [JobsController], [Resource]);
      await app.init();
      await app.startAllMicroservices();
      await Promise.all(queues.map(send));
      await Promise.all([begun.fast.opened, begun.slow.opened]);
      const closed = app.close();
      end.fast.open();
      await strategies[ids.indexOf(FAST)]!.close();
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      end.slow.open();
      await closed;
      expect(facts).toEqual(['fast', 'slow', 'destroyed']);
      expect(strategies.map(({ settled }) => settled.map(({ outcome }) => outcome))).toEqual([['ack'], ['ack']]);
    },
  );

  it('logs no warning about a handler of the service of another strategy', async () => {
    @Controller()
    class OrdersController {
      @EventPattern<string>('place')
      place(): void {}
      @EventPattern<string>('plaec')
      misspelt(): void {}
    }
    @Controller()
    class JobsController {
      @EventPattern<string>('run')
      run(): void {}
      @EventPattern({ service: 'Jobs', method: 'stop' })
      stop(): void {}
      @EventPattern<string>('ping')
      ping(): void {}
    }
    const log = new TestLog();
    const strategies = [
      new TestServer(createMemoryQueue(), { transportId: FAST }),
      new TestServer(createMemoryQueue(), { transportId: SLOW, service: Orders }),
    ];
    const app = await hybrid(strategies, [OrdersController, JobsController], [], log);
    await app.startAllMicroservices();
    expect(log.lines.filter((line) => /^warn: the (pattern|oneway method)/.test(line))).toEqual([
      'warn: the pattern "plaec" names no method of Jobs',
      'warn: the pattern "plaec" names no method of Orders',
    ]);
  });

  it('handles calls of two services on two SQS queues', async () => {
    const { endpoint, region, credentials } = sqs;
    const access = { endpoint, region, credentials };
    await Promise.all(['fast', 'slow'].map((queue) => sqs.createQueue(queue)));
    const seen: unknown[] = [];
    let done = (): void => undefined;
    const both = new Promise<void>((resolve) => (done = () => seen.length === 2 && resolve()));
    @Controller()
    class JobsController {
      @EventPattern({ service: 'Jobs', method: 'run' }, FAST)
      jobs(@Payload() { job }: { job: { id: number } }, @Ctx() context: SqsThriftContext): void {
        seen.push(['fast', job.id, context.getReceiveCount()]);
        done();
      }

      @EventPattern({ service: 'Other', method: 'run' }, SLOW)
      other(@Payload() { job }: { job: { id: number } }, @Ctx() context: SqsThriftContext): void {
        seen.push(['slow', job.id, context.getReceiveCount()]);
        done();
      }
    }
    const common = { ...access, waitTimeSeconds: 1 };
    const app = await hybrid(
      [
        new ServerSqsThrift({ ...common, queue: 'fast', service: Jobs, transportId: FAST }),
        new ServerSqsThrift({ ...common, queue: 'slow', service: Other, transportId: SLOW }),
      ],
      [JobsController],
    );
    await app.init();
    await app.startAllMicroservices();
    const jobs = closeLater(new ClientSqsThrift({ ...access, queue: 'fast', service: Jobs }));
    const other = closeLater(new ClientSqsThrift({ ...access, queue: 'slow', service: Other }));
    await Promise.all([
      lastValueFrom(jobs.emit('run', { job: { id: 1 } })),
      lastValueFrom(other.emit('run', { job: { id: 2 } })),
    ]);
    await both;
    expect(seen.sort()).toEqual([
      ['fast', 1, 1],
      ['slow', 2, 1],
    ]);
  });
});
