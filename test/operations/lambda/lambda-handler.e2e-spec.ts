import { afterEach, describe, expect, it } from '@jest/globals';
import { RejectEventException } from 'nestjs-sqs-thrift';
import type { LambdaRecord } from 'nestjs-sqs-thrift/lambda';
import { bodyOf, Desk } from './backup-function.js';
import { contextOf, eventOf, recordOf } from './event-records.js';
import { closeFunctions, failing, failures, functionOf } from './functions.js';

afterEach(closeFunctions);

describe('a function of Lambda', () => {
  it('answers with the messages that failed', async () => {
    const desk = failing('bob');
    const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((user) => recordOf(bodyOf(user)));
    expect(await functionOf(desk)(eventOf(alice!, bob!, carol!), contextOf(5_000))).toEqual(failures(bob!));
    expect(desk.lines).toEqual(['alice', 'bob', 'carol']);
  });

  it('answers an event without messages', async () => {
    expect(await functionOf(new Desk())({ Records: [] })).toEqual({ batchItemFailures: [] });
  });

  it('handles without a context, which a local tool may leave out', async () => {
    expect(await functionOf(new Desk())(eventOf(recordOf(bodyOf('alice'))))).toEqual(failures());
  });

  it('gives handlers the message as the SDK returns it', async () => {
    const desk = new Desk();
    let seen: unknown;
    desk.handler = (_userId, ctx) => (seen = ctx.getMessage());
    const messageAttributes = {
      text: { dataType: 'String', stringValue: 'x', stringListValues: [], binaryListValues: [] },
      bytes: { dataType: 'Binary', binaryValue: 'AAEC', stringListValues: [], binaryListValues: [] },
    };
    const record = recordOf(bodyOf('alice'), { messageAttributes, count: 3 });
    await functionOf(desk)(eventOf(record));
    expect(seen).toMatchObject({
      MessageId: record.messageId,
      ReceiptHandle: record.receiptHandle,
      Attributes: { ApproximateReceiveCount: '3' },
      MessageAttributes: {
        text: { DataType: 'String', StringValue: 'x' },
        bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 1, 2]) },
      },
    });
  });

  it('returns a body with a failed call as a whole', async () => {
    const record = recordOf(bodyOf('alice', 'bob'));
    expect(await functionOf(failing('bob'))(eventOf(record))).toEqual(failures(record));
  });

  it('handles a message once that an event lists twice', async () => {
    const desk = failing('alice');
    const record = recordOf(bodyOf('alice'));
    const again = { ...record, receiptHandle: 'another' };
    expect(await functionOf(desk)(eventOf(record, again))).toEqual(failures(record));
    expect(desk.lines).toEqual(['alice']);
  });

  it('drops a message that its handler rejects, as the poison policy says', async () => {
    const desk = new Desk();
    desk.handler = () => {
      throw new RejectEventException('no such user');
    };
    expect(await functionOf(desk)(eventOf(recordOf(bodyOf('alice')), recordOf('no thrift')))).toEqual(failures());
  });

  it('leaves a rejected message to the redrive policy by default', async () => {
    const record = recordOf('no thrift');
    expect(await functionOf(new Desk(), { poisonPolicy: 'redrive' })(eventOf(record))).toEqual(failures(record));
  });

  it('rejects a body that differs from its digest', async () => {
    const desk = new Desk();
    const record = recordOf(bodyOf('alice'), { md5OfBody: '0'.repeat(32) });
    expect(await functionOf(desk, { poisonPolicy: 'redrive' })(eventOf(record))).toEqual(failures(record));
    expect(desk.lines).toEqual([]);
  });

  it('runs at most as many handlers at once as its concurrency', async () => {
    const desk = new Desk();
    let [running, most] = [0, 0];
    desk.handler = async () => {
      most = Math.max(most, (running += 1));
      await new Promise(setImmediate);
      running -= 1;
    };
    const records = Array.from({ length: 25 }, () => recordOf(bodyOf('alice')));
    expect(await functionOf(desk, { concurrency: 4 })(eventOf(...records))).toEqual(failures());
    expect([desk.lines.length, most]).toEqual([25, 4]);
  });

  it('keeps events apart that arrive side by side', async () => {
    const desk = failing('bob');
    const handler = functionOf(desk);
    const [alice, bob] = [recordOf(bodyOf('alice')), recordOf(bodyOf('bob'))];
    const answers = await Promise.all([handler(eventOf(alice)), handler(eventOf(bob))]);
    expect(answers).toEqual([failures(), failures(bob)]);
  });
});

describe('a FIFO queue', () => {
  const fifo = (user: string, group: string): LambdaRecord =>
    recordOf(bodyOf(user), { group, eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:backup.fifo' });

  it('returns a failed message and those behind it in its group, and handles other groups', async () => {
    const desk = failing('a2');
    const records = ['a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4'].map((user) => fifo(user, user[0]!));
    const answer = await functionOf(desk, { queue: 'backup.fifo' })(eventOf(...records));
    const ids = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    expect(ids.sort()).toEqual([2, 4, 6].map((at) => records[at]!.messageId).sort());
    expect(desk.lines.filter((line) => line.startsWith('a'))).toEqual(['a1', 'a2']);
    expect(desk.lines.filter((line) => line.startsWith('b'))).toEqual(['b1', 'b2', 'b3']);
  });

  it('stops a long group at its failure, with one handler at a time', async () => {
    const desk = failing('a3');
    const records = Array.from({ length: 40 }, (_each, at) => fifo(`a${at}`, 'a'));
    const answer = await functionOf(desk, { queue: 'backup.fifo', concurrency: 1 })(eventOf(...records));
    expect(answer.batchItemFailures).toHaveLength(37);
    expect(desk.lines).toEqual(['a0', 'a1', 'a2', 'a3']);
  });
});

describe('the end of the time of an invocation', () => {
  it('aborts handlers, returns what has not started, and answers before it', async () => {
    const desk = new Desk();
    const reasons: unknown[] = [];
    desk.handler = (_userId, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(signal.reason as Error);
        });
      });
    const records = Array.from({ length: 5 }, () => recordOf(bodyOf('alice')));
    const context = contextOf(400);
    const answer = await functionOf(desk, { concurrency: 2 }, { answerBeforeMs: 300 })(eventOf(...records), context);
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
    expect(answer.batchItemFailures).toHaveLength(5);
    expect(desk.lines).toHaveLength(2);
    expect(reasons).toEqual([0, 1].map(() => expect.objectContaining({ code: 'invocation-ended' })));
  });

  it('answers before it although a handler ignores its signal, and keeps its message', async () => {
    const desk = new Desk();
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    desk.handler = (userId) => (userId === 'hangs' ? held : undefined);
    const handler = functionOf(desk, {}, { answerBeforeMs: 300 });
    const [hangs, fine] = [recordOf(bodyOf('hangs')), recordOf(bodyOf('fine'))];
    const context = contextOf(400);
    expect(await handler(eventOf(hangs, fine), context)).toEqual(failures(hangs));
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
    // The next event finds the handler at work, and is not disturbed by its end.
    const next = handler(eventOf(recordOf(bodyOf('fine'))), contextOf(5_000));
    release();
    expect(await next).toEqual(failures());
  });

  it('counts as a failure of a message whose handler has started, and of no other message', async () => {
    const desk = new Desk();
    desk.handler = (_userId, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const handler = functionOf(desk, { concurrency: 1, retry: { maxReceives: 3 } }, { answerBeforeMs: 100 });
    await handler.ready();
    const [started, waiting] = ['alice', 'bob'].map((user) => recordOf(bodyOf(user), { count: 9 }));
    expect(await handler(eventOf(started!, waiting!), contextOf(200))).toEqual(failures(waiting!));
    expect(desk.lines).toEqual(['alice']);
  });

  it('returns everything if nothing is left of it', async () => {
    const desk = new Desk();
    const record = recordOf(bodyOf('alice'));
    const handler = functionOf(desk);
    await handler.ready();
    expect(await handler(eventOf(record), contextOf(0))).toEqual(failures(record));
    expect(desk.lines).toEqual([]);
  });
});
