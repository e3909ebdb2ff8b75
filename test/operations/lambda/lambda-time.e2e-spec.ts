import { Module, type Type } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLambdaHandler } from 'nestjs-sqs-thrift/lambda';
import { BackupController, BackupQueue, bodyOf, Desk } from './backup-function.js';
import { contextOf, eventOf, recordOf } from './event-records.js';
import { closeFunctions, closeLater, failures, functionOf, gate, untilAborted } from './functions.js';
import { Lines } from './lines.js';

afterEach(closeFunctions);

/** A module whose start waits for a promise, and counts its starts. */
function slowModule(started: Promise<void>): { module: Type<unknown>; starts: () => number } {
  let starts = 0;
  const START = { provide: 'START', useFactory: () => ((starts += 1), started) };
  class FunctionModule {}
  Module({ controllers: [BackupController], providers: [START, Desk] })(FunctionModule);
  return { module: FunctionModule, starts: () => starts };
}

describe('a start that outlasts the time of an event', () => {
  it('fails the event in time, and serves the next one', async () => {
    const { opened, open } = gate();
    const { module, starts } = slowModule(opened);
    const queue = { queue: 'backup', service: BackupQueue };
    const handler = closeLater(createLambdaHandler(module, queue, { application: { logger: false } }));
    const context = contextOf(200);
    const event = eventOf(recordOf(bodyOf('alice')));
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'lambda-start' });
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
    open();
    expect(await handler(event, contextOf(5_000))).toEqual(failures());
    expect(starts()).toBe(1);
  });
});

describe('the log of a function', () => {
  it('counts the messages of an event that were not started', async () => {
    const desk = new Desk();
    desk.handler = untilAborted;
    const logger = new Lines();
    const handler = functionOf(desk, { concurrency: 2 }, { answerBeforeMs: 100, application: { logger } });
    await handler.ready();
    await handler(eventOf(...Array.from({ length: 25 }, () => recordOf(bodyOf('alice')))), contextOf(200));
    expect(logger.with('23 of 25 messages of an event of backup were not started')).toHaveLength(1);
  });

  it('says nothing if all messages were started', async () => {
    const desk = new Desk();
    desk.handler = untilAborted;
    const logger = new Lines();
    const handler = functionOf(desk, {}, { answerBeforeMs: 100, application: { logger } });
    await handler.ready();
    await handler(eventOf(recordOf(bodyOf('alice'))), contextOf(200));
    expect(logger.with('were not started')).toEqual([]);
  });

  it('names an answerBeforeMs that leaves too little time, and handles messages all the same', async () => {
    const logger = new Lines();
    const handler = functionOf(new Desk(), {}, { answerBeforeMs: 5_000, application: { logger } });
    await handler.ready();
    const context = { getRemainingTimeInMillis: () => 3_000 };
    expect(await handler(eventOf(recordOf(bodyOf('alice'))), context)).toEqual(failures());
    expect(logger.with('answerBeforeMs (5000 ms) is more than half of the 3000 ms')).toHaveLength(1);
  });
});
