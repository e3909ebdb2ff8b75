import { Controller, type NestInterceptor, NotFoundException, UseFilters, UseInterceptors } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RethrowErrorFilter, RejectEventException, RetryEventException } from 'nestjs-sqs-thrift';
import { map } from 'rxjs';
import { deliver, sendOne } from '../deliver.js';
import { closeAll, startWorker } from '../harness.js';

afterEach(closeAll);

const passThrough: NestInterceptor = {
  intercept: (_context, next) => next.handle().pipe(map((value: unknown) => value)),
};

describe('the decision of a handler', () => {
  it.each([
    [undefined, 0],
    [0, 0],
    [30, 30],
    [43_000, 43_000],
  ])('RetryEventException(%s) delays the redelivery of the message by %s s', async (delay, seconds) => {
    const worker = await deliver(() => {
      throw new RetryEventException(delay, 'later');
    });
    const [settled] = await worker.server.untilSettled(1);
    expect(settled).toMatchObject({ outcome: 'retry', delaySeconds: seconds });
    expect(worker.log.text()).toContain('later');
  });

  it("applies the worker's poison policy to a RejectEventException behind an interceptor", async () => {
    const worker = await deliver(() => {
      throw new RejectEventException('the user is gone');
    }, [UseInterceptors(passThrough)]);
    const [settled] = await worker.server.untilSettled(1);
    expect(settled).toMatchObject({ outcome: 'reject', reason: 'handler-rejected', detail: 'the user is gone' });
  });

  it('takes the message of an HttpException response as the detail of a RejectEventException', async () => {
    const worker = await deliver(() => {
      throw new RejectEventException(new NotFoundException('no such user').getResponse() as string);
    });
    const [settled] = await worker.server.untilSettled(1);
    expect(settled).toMatchObject({ outcome: 'reject', detail: 'no such user' });
    expect(settled!.error).toMatchObject({ reason: 'no such user', message: 'no such user' });
  });

  it('refuses a retry delay that no queue grants', () => {
    expect(() => new RetryEventException(-1)).toThrow('a retry delay is 0 to 43 200 whole seconds, not -1');
    expect(() => new RetryEventException('60' as never)).toThrow('whole seconds, not the text "60"');
    expect(() => new RetryEventException(43_201)).toThrow(RangeError);
    expect(() => new RetryEventException(1.5)).toThrow(RangeError);
  });

  it('passes the original error class to classifyError through RethrowErrorFilter', async () => {
    class GoneError extends Error {}
    @Controller()
    @UseFilters(new RethrowErrorFilter())
    class JobsController {
      @EventPattern<string>('run')
      run(): void {
        throw new GoneError('gone for good');
      }
    }
    const worker = await startWorker({
      before: sendOne,
      controllers: [JobsController],
      options: {
        classifyError: (error) => (error instanceof GoneError ? { type: 'reject', detail: error.message } : undefined),
      },
    });
    const [settled] = await worker.server.untilSettled(1);
    expect(settled).toMatchObject({ outcome: 'reject', detail: 'gone for good' });
  });
});
