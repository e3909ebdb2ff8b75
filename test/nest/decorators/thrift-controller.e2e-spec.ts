import 'reflect-metadata';
import { Controller, Inject, Scope, UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { lastValueFrom, of } from 'rxjs';
import { ThriftContext, ThriftController, ThriftMethod, type ThriftService } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { closeAll, startWorker, TestClient } from '../harness.js';

afterEach(closeAll);

const SCHEMA = loadSchemaFromText(`
  service Pings { oneway void ping() }
  service Jobs extends Pings { oneway void run(1: i32 id), oneway void stop(1: i32 id, 2: string why), i32 count() }
  service Others { oneway void run(1: i32 id) }
  service Odd { oneway void constructor(), oneway void toString() }`);
const Jobs = findService(SCHEMA, 'Jobs');
const Others = findService(SCHEMA, 'Others');
const Odd = findService(SCHEMA, 'Odd');

/** Runs a worker with controllers, emits calls and waits for their ends. Returns the outcomes. */
async function outcomesOf(
  controllers: (new (...dependencies: never[]) => object)[],
  calls: readonly (readonly [pattern: unknown, args?: object])[],
  service: readonly ThriftService[] = [Jobs],
  transportId?: symbol,
): Promise<string[]> {
  const options = { service, poisonPolicy: 'drop', ...(transportId && { transportId }) } as const;
  const { server, queue } = await startWorker({
    controllers,
    options,
    providers: [{ provide: 'NAME', useValue: 'n' }],
  });
  const client = new TestClient(() => Promise.resolve(queue), { service, multiplexed: service.length > 1 });
  for (const [pattern, args] of calls) await lastValueFrom(client.emit(pattern, args));
  const settled = await server.untilSettled(calls.length);
  return settled.map(({ outcome }) => outcome);
}

const CALLS = [['run', { id: 1 }], ['stop', { id: 2, why: 'done' }], ['ping']] as const;

describe('@ThriftController', () => {
  it('handles every oneway method with the plain method of the same name, inherited methods included', async () => {
    const seen: unknown[] = [];
    @ThriftController(Jobs)
    class JobsController {
      constructor(@Inject('NAME') private readonly name: string) {}

      run(args: object, ctx: ThriftContext): void {
        seen.push([this.name, args, ctx.getPattern(), ctx instanceof ThriftContext]);
      }

      async stop({ why }: { why: string }): Promise<void> {
        seen.push(await Promise.resolve(why));
      }

      ping(): void {
        seen.push('ping');
      }
    }
    expect(await outcomesOf([JobsController], CALLS)).toEqual(['ack', 'ack', 'ack']);
    expect(seen).toHaveLength(3);
    expect(seen).toEqual(expect.arrayContaining([['n', { id: 1 }, 'run', true], 'done', 'ping']));
  });

  it('applies guards, pipes and filters of the class and of its methods', async () => {
    const seen: unknown[] = [];
    const note = (text: string) => ({
      canActivate: () => seen.push(`guard ${text}`) > 0,
      transform: (value: unknown) => (seen.push(`pipe ${text}`), value),
    });
    @UseGuards(note('class'))
    @UseFilters({ catch: (error: Error) => (seen.push(error.message), of(undefined)) })
    @ThriftController(Others)
    class OthersController {
      @UseGuards(note('method'))
      @UsePipes(note('method'))
      run(): void {
        throw new Error('filtered');
      }
    }
    expect(await outcomesOf([OthersController], [['run', { id: 1 }]], [Others])).toEqual(['ack']);
    expect(seen).toEqual(['guard class', 'guard method', 'pipe method', 'pipe method', 'filtered']);
  });

  it('keeps the parameter decorators of a method', async () => {
    const seen: unknown[] = [];
    @ThriftController(Others)
    class OthersController {
      run(@Payload('id') ...parameters: unknown[]): void {
        seen.push(parameters);
      }
    }
    await outcomesOf([OthersController], [['run', { id: 5 }]], [Others]);
    expect(seen).toEqual([[5]]);
  });

  it('prefers decorated handlers, under their own names and under those of the methods', async () => {
    const seen: unknown[] = [];
    @ThriftController(Jobs)
    class JobsController {
      @ThriftMethod(Jobs, 'run')
      begin(): void {
        seen.push('begin');
      }

      run(): void {
        seen.push('not a handler');
      }

      @EventPattern('stop')
      stop(_args: object): void {
        seen.push('stop');
      }

      ping(): void {
        seen.push('ping');
      }
    }
    expect(await outcomesOf([JobsController], CALLS)).toEqual(['ack', 'ack', 'ack']);
    expect(seen.sort()).toEqual(['begin', 'ping', 'stop']);
  });

  it('lets two controllers share the methods of a base class, each for its own service', async () => {
    const seen: unknown[] = [];
    class Base {
      @UseGuards({ canActivate: () => seen.push('guard') > 0 })
      run({ id }: { id: number }, ctx: ThriftContext): void {
        seen.push(`${this.constructor.name} ${ctx.getService()} ${id}`);
      }
    }
    @ThriftController(Others)
    class OthersController extends Base {}
    @ThriftController(Jobs)
    class JobsController extends Base {
      stop(): void {}
      ping(): void {}
    }
    const calls = ['Jobs', 'Others'].map((service, id) => [{ service, method: 'run' }, { id }] as const);
    expect(await outcomesOf([OthersController, JobsController], calls, [Jobs, Others])).toEqual(['ack', 'ack']);
    expect(seen.sort()).toEqual(['JobsController Jobs 0', 'OthersController Others 1', 'guard', 'guard']);
    expect(Reflect.getMetadataKeys(Reflect.get(Base.prototype, 'run') as object)).toEqual(['__guards__']);
  });

  it('handles the methods of two services in one class', async () => {
    @ThriftController(Odd)
    @ThriftController(Others)
    class BothController {
      run(): void {}

      @ThriftMethod(Odd, 'constructor')
      construct(): void {}

      toString(): string {
        return 'handled';
      }
    }
    const calls = [
      [{ service: 'Others', method: 'run' }, { id: 1 }],
      [{ service: 'Odd', method: 'constructor' }],
      [{ service: 'Odd', method: 'toString' }],
    ] as const;
    expect(await outcomesOf([BothController], calls, [Odd, Others])).toEqual(['ack', 'ack', 'ack']);
  });

  it.each([
    ['binds its handlers to the strategy with the transport id', 'mine', ['ack']],
    ['binds its handlers to no other strategy', 'other', ['reject']],
  ])('%s', async (_, handled, outcomes) => {
    const ids: Record<string, symbol> = { mine: Symbol('mine'), other: Symbol('other') };
    @ThriftController(Others, { transportId: ids[handled] })
    class OthersController {
      run(): void {}
    }
    expect(await outcomesOf([OthersController], [['run', { id: 1 }]], [Others], ids['mine'])).toEqual(outcomes);
  });

  it('passes the options of a controller on, such as the request scope', async () => {
    const made: object[] = [];
    @ThriftController(Others, { scope: Scope.REQUEST })
    class OthersController {
      constructor() {
        made.push(this);
      }

      run(): void {}
    }
    const calls = [['run', { id: 1 }] as const, ['run', { id: 2 }] as const];
    expect(await outcomesOf([OthersController], calls, [Others])).toEqual(['ack', 'ack']);
    expect(made).toHaveLength(2);
  });

  it.each<[string, () => unknown, string]>([
    [
      'a class without some of the methods',
      () => {
        class JobsController {
          run(): void {}
        }
        return ThriftController(Jobs)(JobsController);
      },
      '@ThriftController: JobsController has no handler for Jobs.ping, Jobs.stop. Add a method ping(args, context), ' +
        "or decorate another method with @ThriftMethod(Jobs, 'ping').",
    ],
    [
      'a property in place of a method',
      () => {
        class OthersController {
          run = (): void => undefined;
        }
        return ThriftController(Others)(OthersController);
      },
      'OthersController has no handler for Others.run.',
    ],
    [
      'a method that is decorated for something else',
      () => {
        class OthersController {
          @EventPattern('walk')
          run(_args: object): void {}
        }
        return ThriftController(Others)(OthersController);
      },
      'OthersController has no handler for Others.run.',
    ],
    [
      'methods of Object and constructors',
      () => {
        @Controller()
        class OddController {}
        return ThriftController(Odd)(OddController);
      },
      'OddController has no handler for Odd.constructor, Odd.toString.',
    ],
    [
      'no service',
      () => ThriftController({} as typeof Jobs),
      '@ThriftController takes a service as its first argument',
    ],
  ])('refuses %s when the class is defined', (_, decorate, message) => {
    expect(decorate).toThrow(TypeError);
    expect(decorate).toThrow(message);
  });
});
