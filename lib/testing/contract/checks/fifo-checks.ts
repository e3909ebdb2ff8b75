import type { WireMessage } from '../../../queue/wire-message.js';
import type { CheckTable } from '../contract-run.js';
import { expectEqual, expectThat, textsOf } from '../expectations.js';
import type { OpenEnds } from '../open-ends.js';

/** Checks that a FIFO queue holds back the rest of a group while one message is in hand. */
export const fifoChecks: CheckTable = {
  'a message in flight locks its message group and no other group': async (run) => {
    const ends = await run.open({ fifo: true });
    await ends.store(ofGroups(ends, ['a1', 'a2', 'b1']));
    expectEqual(textsOf(await ends.receiveNow({ max: 1 })), ['a1'], 'the first message to arrive');
    expectEqual(textsOf(await ends.receiveNow()), ['b1'], 'only the other group to be free');
    expectEqual(textsOf(await ends.receiveNow()), [], 'both groups to be locked by their messages in hand');
  },

  'the next message of a group arrives after the previous message is acknowledged': async (run) => {
    const ends = await run.open({ fifo: true });
    await ends.store(ofGroups(ends, ['a1', 'a2']));
    await ends.acknowledge(await ends.receiveNow({ max: 1 }));
    expectEqual(textsOf(await ends.receiveNow()), ['a2'], 'the next message of the group to arrive');
  },

  'a released message comes before the later messages of its group': async (run) => {
    const ends = await run.open({ fifo: true });
    await ends.store(ofGroups(ends, ['a1', 'a2']));
    await release(ends, await ends.receiveNow({ max: 1 }));
    const again = await ends.receiveNow({ max: 1 });
    expectEqual(textsOf(again), ['a1'], 'the released message to come before the next message of its group');
    expectEqual(again[0]!.receiveCount, 2, 'the released message to come back with the receive count 2');
  },

  'one receive brings several messages of a group': async (run) => {
    const ends = await run.open({ fifo: true });
    await ends.store(ofGroups(ends, ['a1', 'a2', 'a3', 'b1']));
    expectEqual(
      textsOf(await ends.receiveNow()),
      ['a1', 'a2', 'a3', 'b1'],
      'a receive to return all messages in order',
    );
  },

  'a receive returns a message group up to its first hidden message': async (run) => {
    const ends = await run.open({ fifo: true });
    await ends.store(ofGroups(ends, ['a1', 'a2', 'a3']));
    const received = await ends.receiveNow();
    expectEqual(textsOf(received), ['a1', 'a2', 'a3'], 'a receive to return the whole group');
    await release(
      ends,
      received.filter((_, at) => at !== 1),
    );
    expectEqual(textsOf(await ends.receiveNow()), ['a1'], 'the hidden second message to hold the third message back');
  },

  'the queue stores a repeated deduplication id once and answers with the same message id': async (run) => {
    const ends = await run.open({ fifo: true });
    const message = { body: ends.body('once'), groupId: 'a', deduplicationId: 'd1' };
    const [first] = await ends.store([message]);
    const [again, other] = await ends.store([
      { ...message, body: ends.body('again') },
      { ...message, deduplicationId: 'd2' },
    ]);
    expectEqual(again, first, 'a repeated deduplication id to be answered with the id of the stored message');
    expectThat(other !== first, 'another deduplication id to be stored as another message');
    const received = await ends.receiveNow({ max: 1 });
    expectEqual(textsOf(received), ['once'], 'the message that was sent first to arrive');
    expectEqual(received[0]!.id, first, 'the message to arrive with the id that its send returned');
    await ends.acknowledge(received);
    const rest = await ends.receiveNow();
    expectEqual(
      rest.map(({ id }) => id),
      [other],
      'only the message with another deduplication id to follow',
    );
  },

  'a message without a group or with a delay fails without failing its batch': async (run) => {
    const ends = await run.open({ fifo: true });
    const [none, delayed, good] = ofGroups(ends, ['no group', 'delayed', 'good']);
    const { groupId: _, ...groupless } = none!;
    const sending = ends.start([groupless, { ...delayed!, delaySeconds: 5 }, good!]);
    const expectation = 'send to refuse a message without a group and a message with a delay as "invalid"';
    expectEqual(await ends.results('send', sending), ['invalid', 'invalid', true], expectation);
  },
};

/** Builds messages whose group is the first letter of the body. */
export function ofGroups(ends: OpenEnds, names: readonly string[], isFifo = true): WireMessage[] {
  return names.map((name) => ({
    body: ends.body(name),
    groupId: name.charAt(0),
    // Other queues refuse the id.
    ...(isFifo && { deduplicationId: name.replace(' ', '-') }),
  }));
}

async function release(ends: OpenEnds, messages: Awaited<ReturnType<OpenEnds['receiveNow']>>): Promise<void> {
  const entries = messages.map((message) => ({ message, seconds: 0, cause: 'failed' as const }));
  await ends.succeeds('release', ends.receiver.release(entries), entries.length);
}
