import { afterEach, describe, expect, it } from '@jest/globals';
import { createLambdaHandler, type LambdaEvent, type LambdaHandler } from 'nestjs-sqs-thrift/lambda';
import {
  BackupController,
  BackupQueue,
  bodyOf,
  Desk,
  moduleOf,
  ReportController,
  ReportQueue,
} from './backup-function.js';
import { contextOf, eventOf, recordOf } from './event-records.js';
import { closeFunctions, closeLater, failing, failures, functionOf } from './functions.js';

afterEach(closeFunctions);

describe('a function of several queues', () => {
  const arn = 'arn:aws:sqs:us-east-1:000000000000:report';

  function severalOf(desk: Desk): LambdaHandler {
    const queues = [
      { queue: 'backup', service: BackupQueue },
      { queue: arn, service: ReportQueue },
    ];
    const module = moduleOf(desk, [BackupController, ReportController]);
    return closeLater(createLambdaHandler(module, queues, { application: { logger: false } }));
  }

  it('chooses the service by the queue of each message', async () => {
    const desk = failing('report q1');
    const handler = severalOf(desk);
    const report = recordOf('gAEABAAAAAt3cml0ZVJlcG9ydAAAAAALAAEAAAACcTEA', { eventSourceARN: arn });
    expect(await handler(eventOf(recordOf(bodyOf('alice')), report))).toEqual(failures(report));
    expect(desk.lines.sort()).toEqual(['alice', 'report q1']);
  });

  it('does not handle a call that belongs to another queue', async () => {
    const desk = new Desk();
    const misplaced = recordOf(bodyOf('alice'), { eventSourceARN: arn });
    expect(await severalOf(desk)(eventOf(misplaced))).toEqual(failures(misplaced));
    expect(desk.lines).toEqual([]);
  });
});

describe('an event that cannot be handled', () => {
  const good = recordOf(bodyOf('alice'));

  it.each<[string, unknown, string]>([
    ['is nothing', undefined, 'the event has no list "Records"'],
    ['is of another kind', { body: 'x' }, 'the event has no list "Records"'],
    ['holds a record that is nothing', eventOf(good, null as never), 'record 1 of the event is null'],
    ['comes from a topic', eventOf({ ...good, eventSource: 'aws:sns' }), 'the text "aws:sns" and not aws:sqs'],
    ['lacks an id', eventOf({ ...good, messageId: '' }), 'record 0 of the event has no messageId'],
    ['lacks a receipt', eventOf({ ...good, receiptHandle: undefined as never }), 'has no receiptHandle'],
    [
      'comes from a queue that the function does not handle',
      eventOf(good, { ...good, eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:others' }),
      'the function handles no messages of arn:aws:sqs:us-east-1:000000000000:others, only of arn:aws:sqs:us-east-1:000000000000:backup',
    ],
  ])('is refused before a handler runs if it %s', async (_title, event, text) => {
    const desk = new Desk();
    const refused = functionOf(desk)(event as LambdaEvent, contextOf(5_000));
    await expect(refused).rejects.toMatchObject({ code: 'lambda-event', message: expect.stringContaining(text) });
    expect(desk.lines).toEqual([]);
  });

  it('loses no message whose parts are missing or odd', async () => {
    const odd = [
      { ...recordOf(''), body: undefined as never },
      recordOf(bodyOf('alice'), { attributes: undefined as never }),
      recordOf(bodyOf('bob'), { messageAttributes: { odd: 7 as never } }),
      recordOf(bodyOf('carol'), { messageAttributes: null as never }),
    ];
    const desk = new Desk();
    expect(await functionOf(desk, { poisonPolicy: 'redrive' })(eventOf(...odd))).toEqual(failures(odd[0]!, odd[2]!));
    expect(desk.lines).toEqual(['alice', 'carol']);
  });
});
