import type { CheckTable, ContractRun } from '../contract-run.js';
import { expectEqual, expectThat, failed, textsOf } from '../expectations.js';
import type { OpenEnds } from '../open-ends.js';
import { SETTLING } from './settling-verbs.js';

/** Checks messages that were received too often. */
export const redriveChecks: CheckTable = {
  'a message received too often moves to the dead-letter queue with its body and attributes': async (run) => {
    const { ends, dead } = await openWithDeadLetters(run, 2);
    const { redrive } = ends.receiver;
    expectThat(
      typeof redrive === 'object' && redrive.maxReceiveCount === 2 && redrive.target.includes(dead.receiver.name),
      'the receiver to report its redrive policy, with the name of the dead-letter queue in the target',
    );
    const attributes = ends.features.attributes ? { why: 'poison' } : {};
    const sending = ends.start([{ body: ends.body('bad'), attributes }]);
    let id = '';
    for (const receiveCount of [1, 2]) {
      const message = await ends.takeOne({ sending });
      id = message.id;
      expectEqual(message.receiveCount, receiveCount, 'each delivery to count');
      await ends.succeeds('release', SETTLING.release(ends, [message]), 1);
    }
    await ends.accepted(sending);
    expectEqual(await ends.receiveNow(), [], 'a message that was received twice to leave the queue');
    const moved = await dead.takeOne({ expectation: 'the message to arrive in the dead-letter queue' });
    expectEqual([moved.id, ...textsOf([moved])], [id, 'bad'], 'the message to keep its id and its body');
    expectEqual({ ...moved.attributes }, attributes, 'the message to keep its attributes');
  },

  'a receive returns another message in place of a moved message': async (run) => {
    const { ends } = await openWithDeadLetters(run, 1);
    const sending = ends.start([{ body: ends.body('bad') }]);
    await ends.succeeds('release', SETTLING.release(ends, [await ends.takeOne({ sending })]), 1);
    await ends.store([{ body: ends.body('good') }]);
    const received = await ends.receiveNow();
    expectEqual(textsOf(received), ['good'], 'a receive to return the next message in place of the moved message');
  },

  'a queue without a redrive policy reports no redrive': async (run) => {
    const ends = await run.open();
    expectEqual(ends.receiver.redrive, undefined, 'a queue without a redrive policy to report none');
  },
};

async function openWithDeadLetters(
  run: ContractRun,
  maxReceiveCount: number,
): Promise<{ readonly ends: OpenEnds; readonly dead: OpenEnds }> {
  const ends = await run.open({ maxReceiveCount });
  const { deadLetters } = ends.ends;
  if (deadLetters === undefined) throw failed('"open" to return "deadLetters" if it is asked for "maxReceiveCount"');
  return { ends, dead: ends.with({ receiver: deadLetters }) };
}
