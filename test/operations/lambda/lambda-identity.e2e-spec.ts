import { afterEach, describe, expect, it } from '@jest/globals';
import { RejectEventException } from 'nestjs-sqs-thrift';
import type { LambdaRecord } from 'nestjs-sqs-thrift/lambda';
import { bodyOf, Desk } from './backup-function.js';
import { contextOf, eventOf, recordOf } from './event-records.js';
import { closeFunctions, failing, failures, functionOf, gate } from './functions.js';

afterEach(closeFunctions);

/** Longer than any receipt of SQS, so its message cannot be converted. */
const TOO_LONG = 'r'.repeat(9_000);

describe('a message that comes back after its rejection', () => {
  it('is rejected in later invocations without its handler', async () => {
    const desk = new Desk();
    desk.handler = () => {
      throw new RejectEventException('no such user');
    };
    const handler = functionOf(desk, { poisonPolicy: 'redrive' });
    const first = recordOf(bodyOf('alice'));
    const again = { ...first, attributes: { ...first.attributes, ApproximateReceiveCount: '2' } };
    for (const record of [first, again])
      expect(await handler(eventOf(record), contextOf(5_000))).toEqual(failures(record));
    expect(desk.lines).toEqual(['alice']);
  });
});

describe('the answer names each message that was not handled', () => {
  it('if records share a receipt, as copies of a sample event do', async () => {
    const receiptHandle = 'MessageReceiptHandle';
    const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((user) => recordOf(bodyOf(user), { receiptHandle }));
    const answer = await functionOf(failing('bob'))(eventOf(alice!, bob!, carol!), contextOf(5_000));
    expect(answer).toEqual(failures(bob!));
  });

  it('if records cannot be converted', async () => {
    const desk = new Desk();
    const odd = ['alice', 'bob'].map((user) => recordOf(bodyOf(user), { receiptHandle: TOO_LONG }));
    const good = recordOf(bodyOf('carol'));
    expect(await functionOf(desk)(eventOf(...odd, good), contextOf(5_000))).toEqual(failures(...odd));
    expect(desk.lines).toEqual(['carol']);
  });

  it('by its own id, however long that is', async () => {
    const record = recordOf(bodyOf('alice'), { messageId: 'm'.repeat(300) });
    expect(await functionOf(new Desk())(eventOf(record), contextOf(5_000))).toEqual(failures(record));
  });

  it('if an earlier invocation still handles a delivery of the same message', async () => {
    const desk = new Desk();
    const held = gate();
    desk.handler = () => (desk.lines.length === 1 ? held.opened : Promise.reject(new Error('broken')));
    const handler = functionOf(desk, {}, { answerBeforeMs: 100 });
    await handler.ready();
    const record = recordOf(bodyOf('alice'));
    expect(await handler(eventOf(record), contextOf(200))).toEqual(failures(record));
    const again = handler(eventOf({ ...record, receiptHandle: 'later' }), contextOf(5_000));
    held.open();
    expect(await again).toEqual(failures(record));
  });

  it.each([1, 10])('of a FIFO group behind one that cannot be converted, with concurrency %s', async (concurrency) => {
    const eventSourceARN = 'arn:aws:sqs:us-east-1:000000000000:backup.fifo';
    const fifo = (user: string, more: Partial<LambdaRecord> = {}): LambdaRecord =>
      recordOf(bodyOf(user), { group: user[0]!, eventSourceARN, ...more });
    const records = [fifo('d1', { receiptHandle: TOO_LONG }), fifo('d2'), fifo('e1')];
    const desk = new Desk();
    const answer = await functionOf(desk, { queue: 'backup.fifo', concurrency })(eventOf(...records), contextOf(5_000));
    expect(answer).toEqual(failures(records[0]!, records[1]!));
    expect(desk.lines).toEqual(['e1']);
  });
});
