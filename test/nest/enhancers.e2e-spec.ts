import {
  BadRequestException,
  type CanActivate,
  Catch,
  Controller,
  Inject,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  type RpcExceptionFilter,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EMPTY, map, throwError, type Observable } from 'rxjs';
import { deliver, sendOne } from './deliver.js';
import { FAILURES } from './failures.js';
import { closeAll, startWorker } from './harness.js';

afterEach(closeAll);

@Injectable()
class DenyOnce implements CanActivate {
  private denied = false;
  canActivate(): boolean {
    const allow = this.denied;
    this.denied = true;
    return allow;
  }
}

@Injectable()
class FailOncePipe implements PipeTransform {
  private failed = false;
  transform(value: unknown): unknown {
    if (this.failed) return value;
    this.failed = true;
    throw new BadRequestException('does not fit');
  }
}

@Catch()
class SwallowFilter implements RpcExceptionFilter<unknown> {
  catch(): Observable<never> {
    return EMPTY;
  }
}

const passThrough: NestInterceptor = {
  intercept: (_context, next) => next.handle().pipe(map((value: unknown) => value)),
};

describe('enhancers', () => {
  it('retries a call that a guard denies', async () => {
    const worker = await deliver(() => undefined, [UseGuards(new DenyOnce())]);
    const settled = await worker.server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
    expect(worker.calls()).toBe(1);
    expect(worker.log.text()).toContain('Forbidden resource');
  });

  it('retries a call whose pipe fails', async () => {
    @Controller()
    class JobsController {
      @EventPattern<string>('run')
      @UsePipes(new FailOncePipe())
      run(_data: unknown): void {}
    }
    const worker = await startWorker({ before: sendOne, controllers: [JobsController] });
    const settled = await worker.server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
  });

  it('acknowledges a failed call when a filter returns an empty stream', async () => {
    const worker = await deliver(() => {
      throw new Error('broken');
    }, [UseFilters(new SwallowFilter())]);
    const settled = await worker.server.untilSettled(1);
    expect(settled.map((event) => event.outcome)).toEqual(['ack']);
  });

  it.each(FAILURES.slice(0, 6))('retries a call behind an interceptor when its handler %s', async (_name, fail) => {
    const worker = await deliver(fail, [UseInterceptors(passThrough)]);
    const settled = await worker.server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
    expect(worker.calls()).toBe(2);
  });

  it('retries a failed call behind an interceptor and an asynchronous filter', async () => {
    @Catch()
    class LateFilter implements RpcExceptionFilter<unknown> {
      catch(error: unknown): Observable<never> {
        return Promise.resolve(throwError(() => error)) as unknown as Observable<never>;
      }
    }
    const fail = (): never => {
      throw new Error('broken');
    };
    const worker = await deliver(fail, [UseInterceptors(passThrough), UseFilters(new LateFilter())]);
    const settled = await worker.server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
  });

  it('retries a call whose request-scoped handler cannot be constructed', async () => {
    let built = 0;
    const FACTORY = {
      provide: 'FLAKY',
      scope: Scope.REQUEST,
      useFactory: (): string => {
        built += 1;
        if (built === 1) throw new Error('no connection');
        return 'connection';
      },
    };
    const seen: string[] = [];
    @Controller({ scope: Scope.REQUEST })
    class JobsController {
      constructor(@Inject('FLAKY') private readonly flaky: string) {}
      @EventPattern<string>('run')
      run(): void {
        seen.push(this.flaky);
      }
    }
    const worker = await startWorker({ before: sendOne, controllers: [JobsController], providers: [FACTORY] });
    const settled = await worker.server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
    expect(seen).toEqual(['connection']);
  });
});
