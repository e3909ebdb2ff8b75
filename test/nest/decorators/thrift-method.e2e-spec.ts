import 'reflect-metadata';
import { Controller, type PipeTransform, UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { lastValueFrom, of } from 'rxjs';
import { ThriftContext, ThriftMethod } from 'nestjs-sqs-thrift';
import { closeAll, Jobs, Other, startWorker } from '../harness.js';

afterEach(closeAll);

interface RunArgs {
  readonly job: { readonly id: number };
}

/** Runs a worker with one controller and emits calls. Returns the outcomes of the deliveries. */
async function outcomesOf(
  controller: new (...dependencies: never[]) => object,
  calls: readonly (readonly [pattern: unknown, args: object])[],
  options: Parameters<typeof startWorker>[0]['options'] = {},
): Promise<string[]> {
  const { client, server } = await startWorker({ controllers: [controller], options });
  for (const [pattern, args] of calls) await lastValueFrom(client.emit(pattern, args));
  const settled = await server.untilSettled(calls.length);
  return settled.map(({ outcome }) => outcome);
}

const RUN = ['run', { job: { id: 7 } }] as const;

describe('@ThriftMethod', () => {
  it('handles the calls of a method with decorated parameters in any order', async () => {
    const seen: unknown[] = [];
    @Controller()
    class JobsController {
      @ThriftMethod(Jobs, 'run')
      run(@Ctx() ctx: ThriftContext, @Payload('job') job: RunArgs['job']): void {
        seen.push(job, ctx.getPattern(), ctx.getService());
      }
    }
    expect(await outcomesOf(JobsController, [RUN])).toEqual(['ack']);
    expect(seen).toEqual([{ id: 7 }, 'run', 'Jobs']);
  });

  it('gives the arguments and the context to parameters without decorators', async () => {
    const seen: unknown[] = [];
    @Controller()
    class JobsController {
      @ThriftMethod(Jobs, 'run')
      run(args: RunArgs, ctx: ThriftContext): void {
        seen.push(args, ctx instanceof ThriftContext);
      }
    }
    await outcomesOf(JobsController, [RUN]);
    expect(seen).toEqual([{ job: { id: 7 } }, true]);
  });

  it('keeps the methods of the same name of two services apart', async () => {
    const seen: unknown[] = [];
    @Controller()
    class BothController {
      @ThriftMethod(Jobs, 'run')
      job({ job }: RunArgs): void {
        seen.push(`Jobs ${job.id}`);
      }

      @ThriftMethod(Other, 'run')
      other({ job }: RunArgs): void {
        seen.push(`Other ${job.id}`);
      }
    }
    const call = (service: string, id: number) => [{ service, method: 'run' }, { job: { id } }] as const;
    const { server, client } = await startWorker({
      controllers: [BothController],
      options: { service: [Jobs, Other] },
    });
    const sender = new (client.constructor as new (...parts: unknown[]) => typeof client)(
      () => Promise.resolve(server.unwrap()),
      { service: [Jobs, Other], multiplexed: true },
    );
    for (const [pattern, args] of [call('Jobs', 1), call('Other', 2)]) await lastValueFrom(sender.emit(pattern, args));
    await server.untilSettled(2);
    await sender.close();
    expect(seen.sort()).toEqual(['Jobs 1', 'Other 2']);
  });

  it('handles several methods with one handler', async () => {
    const seen: unknown[] = [];
    @Controller()
    class JobsController {
      @ThriftMethod(Jobs, 'ping')
      @ThriftMethod(Jobs, 'run')
      any(_args: object, ctx: ThriftContext): void {
        seen.push(ctx.getPattern());
      }
    }
    expect(await outcomesOf(JobsController, [RUN, ['ping', {}]])).toEqual(['ack', 'ack']);
    expect(seen.sort()).toEqual(['ping', 'run']);
  });

  it.each([
    ['the strategy with its transport id', 'mine', ['ack']],
    ['no other strategy', 'other', ['reject']],
  ])('binds a handler with a transport id to %s', async (_, handled, outcomes) => {
    const ids: Record<string, symbol> = { mine: Symbol('mine'), other: Symbol('other') };
    @Controller()
    class JobsController {
      @ThriftMethod(Jobs, 'run', ids[handled])
      run(): void {}
    }
    const options = { transportId: ids['mine']!, poisonPolicy: 'drop' } as const;
    expect(await outcomesOf(JobsController, [RUN], options)).toEqual(outcomes);
  });

  it('applies guards, pipes and filters to the handler', async () => {
    const seen: unknown[] = [];
    const guard = { canActivate: () => seen.push('guard') > 0 };
    const pipe: PipeTransform = { transform: (value, { type }) => (seen.push(`pipe ${type}`), value as unknown) };
    const filter = { catch: (error: Error) => (seen.push(error.message), of(undefined)) };
    @Controller()
    class JobsController {
      @UseGuards(guard)
      @UsePipes(pipe)
      @UseFilters(filter)
      @ThriftMethod(Jobs, 'run')
      run(@Payload() _args: RunArgs): void {
        throw new Error('filtered');
      }
    }
    expect(await outcomesOf(JobsController, [RUN])).toEqual(['ack']);
    expect(seen).toEqual(['guard', 'pipe body', 'filtered']);
  });

  it.each<[string, () => unknown, string]>([
    [
      'an unknown method',
      () => ThriftMethod(Jobs, 'rnu'),
      '@ThriftMethod: Jobs has no method "rnu". Its oneway methods: run, stop, ping.',
    ],
    [
      'a method that is not oneway',
      () => ThriftMethod(Jobs, 'count'),
      '@ThriftMethod: Jobs.count is not oneway, so no queue can carry it. Declare it "oneway void" in jobs.thrift.',
    ],
    [
      'no service',
      () => ThriftMethod({} as typeof Jobs, 'run'),
      '@ThriftMethod takes a service as its first argument: one of a generated module, or of loadService; got an object',
    ],
  ])('refuses %s when the class is defined', (_, decorate, message) => {
    expect(decorate).toThrow(new TypeError(message));
  });

  it('handles calls with the method that a decorator below puts in place of its own', async () => {
    const seen: string[] = [];
    const traced: MethodDecorator = (_target, _key, descriptor: PropertyDescriptor): void => {
      const method = descriptor.value as () => void;
      descriptor.value = function (this: unknown): void {
        seen.push('traced');
        Reflect.apply(method, this, []);
      };
    };
    @Controller()
    class JobsController {
      @ThriftMethod(Jobs, 'run')
      @(traced as PropertyDecorator)
      run(): void {
        seen.push('run');
      }
    }
    expect(await outcomesOf(JobsController, [RUN])).toEqual(['ack']);
    expect(seen).toEqual(['traced', 'run']);
  });

  it.each<[string, (decorate: (...place: unknown[]) => unknown) => unknown, string]>([
    ['a static method', (decorate) => decorate(class JobsController {}, 'run', {}), 'JobsController.run is static'],
    ['a property', (decorate) => decorate({}, 'run', undefined), 'Object.run is no method'],
    ['a getter', (decorate) => decorate({}, 'run', { get: () => undefined }), 'Object.run is no method'],
    [
      'a method under standard decorators',
      (decorate) => decorate(() => undefined, { kind: 'method', name: 'run' }),
      'the compiler option experimentalDecorators is off',
    ],
  ])('refuses %s', (_, use, message) => {
    const decorate = (): unknown => use(ThriftMethod(Jobs, 'run') as (...place: unknown[]) => unknown);
    expect(decorate).toThrow(TypeError);
    expect(decorate).toThrow(`@ThriftMethod: ${message}`);
  });

  it('refuses a handler of two transports, which Nest would bind to one', () => {
    expect(() => {
      class JobsController {
        @ThriftMethod(Jobs, 'run')
        @EventPattern('run', Symbol('other'))
        run(_args: object): void {}
      }
      return JobsController;
    }).toThrow('JobsController.run handles methods of two transports');
  });
});
