import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RejectEventException } from 'nestjs-sqs-thrift';
import type { LambdaHandler, LambdaHandlerOptions, LambdaQueueOptions, LambdaRecord } from 'nestjs-sqs-thrift/lambda';
import { type SqsFake, startSqsFake } from '../../fakes/sqs/sqs-fake.js';
import { bodyOf, Desk } from './backup-function.js';
import { contextOf, eventOf, recordOf } from './event-records.js';
import { closeFunctions, failing, failures, functionOf, untilAborted } from './functions.js';
import { Lines } from './lines.js';

const CHANGE = 'ChangeMessageVisibilityBatch';

let sqs: SqsFake;
beforeEach(async () => {
  sqs = await startSqsFake();
  sqs.createQueue('backup');
  sqs.createQueue('rejected');
});
afterEach(async () => {
  await closeFunctions();
  await sqs.stop();
});

async function started(
  desk: Desk,
  queue: Partial<LambdaQueueOptions>,
  options: LambdaHandlerOptions = {},
): Promise<LambdaHandler> {
  const { endpoint, region, credentials } = sqs;
  const handler = functionOf(desk, { endpoint, region, credentials, drainTimeoutMs: 0, ...queue }, options);
  await handler.ready();
  return handler;
}

const records = (...users: string[]): LambdaRecord[] => users.map((user) => recordOf(bodyOf(user)));

describe('a dead-letter queue that does not answer', () => {
  it('holds up no later invocation', async () => {
    sqs.on('SendMessageBatch', 'hang');
    const desk = new Desk();
    desk.handler = (userId) => {
      if (userId === 'bad') throw new RejectEventException('no such user');
    };
    const poison = { poisonPolicy: 'dead-letter', deadLetterQueue: 'rejected', concurrency: 2 } as const;
    const handler = await started(desk, poison, { answerBeforeMs: 200 });
    const bad = records('bad', 'bad');
    expect(await handler(eventOf(...bad), contextOf(2_000))).toEqual(failures(...bad));
    expect(await handler(eventOf(...records('good', 'good')), contextOf(1_500))).toEqual(failures());
  });
});

describe('a queue whose requests do not answer', () => {
  it('holds up the answer for a short time, and is left alone then', async () => {
    sqs.on(CHANGE, 'hang');
    const logger = new Lines();
    const handler = await started(failing('bad'), { changeVisibility: true }, { application: { logger } });
    const [first, second] = records('bad', 'bad');
    const context = contextOf(20_000);
    expect(await handler(eventOf(first!), context)).toEqual(failures(first!));
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(15_000);
    expect(await handler(eventOf(second!), contextOf(20_000))).toEqual(failures(second!));
    expect(sqs.log.count(CHANGE).requests).toBe(1);
    expect(logger.with('ReleaseTimeout')).toHaveLength(1);
  });

  it('gets no request after the answer, and the log names the requests that the time has ended', async () => {
    sqs.on(CHANGE, 'hang');
    const logger = new Lines();
    const handler = await started(
      failing('bad'),
      { changeVisibility: true },
      { answerBeforeMs: 100, application: { logger } },
    );
    const asked = sqs.log.arrival(CHANGE);
    const [bad] = records('bad');
    expect(await handler(eventOf(bad!), contextOf(1_500))).toEqual(failures(bad!));
    const request = await asked;
    // The next invocation gives the process the time that a request would need.
    expect(await handler(eventOf(...records('good')), contextOf(5_000))).toEqual(failures());
    expect(sqs.log.count(CHANGE).requests).toBe(1);
    while (request.outcome === 'open') await new Promise(setImmediate);
    expect(request.outcome).toBe('left');
    expect(logger.with('InvocationEnded')).toHaveLength(1);
  });

  it('holds up no other invocation', async () => {
    sqs.on(CHANGE, 'hang');
    const desk = new Desk();
    desk.handler = (userId, ctx) => (userId === 'slow' ? untilAborted(userId, ctx) : undefined);
    const handler = await started(desk, { changeVisibility: true, concurrency: 1 }, { answerBeforeMs: 1_000 });
    const asked = sqs.log.arrival(CHANGE);
    const slow = records('slow', 'slow', 'slow');
    const answers: string[] = [];
    const first = handler(eventOf(...slow), contextOf(2_000)).then(() => answers.push('slow'));
    await asked;
    await handler(eventOf(...records('good')), contextOf(20_000)).then(() => answers.push('good'));
    await first;
    expect(answers).toEqual(['good', 'slow']);
  });
});

describe('a function without the permission to change the visibility', () => {
  it('logs it for messages that were not started', async () => {
    sqs.on(CHANGE, { error: 'AccessDenied', status: 403 });
    const logger = new Lines();
    const desk = new Desk();
    desk.handler = untilAborted;
    const queue = { changeVisibility: true, concurrency: 1, retry: { baseSeconds: 0 } };
    const handler = await started(desk, queue, { answerBeforeMs: 750, application: { logger } });
    const all = records('alice', 'bob', 'carol');
    expect(await handler(eventOf(...all), contextOf(1_500))).toEqual(failures(...all));
    expect(logger.with('(released').length).toBeGreaterThan(0);
    expect(logger.with('sqs:ChangeMessageVisibility').length).toBeGreaterThan(0);
  });
});

describe('a body that the end of an invocation cuts off', () => {
  it('comes back as a whole, and none of its calls is sent again', async () => {
    const desk = new Desk();
    desk.handler = (userId, ctx) => (userId === 'slow' ? untilAborted(userId, ctx) : undefined);
    const handler = await started(desk, { resend: true, concurrency: 2 }, { answerBeforeMs: 750 });
    const body = recordOf(bodyOf('fast', 'slow', 'fast'));
    expect(await handler(eventOf(body), contextOf(1_500))).toEqual(failures(body));
    expect(sqs.log.count('SendMessageBatch').requests).toBe(0);
  });
});
