import type { CheckTable } from '../contract-run.js';
import { expectEqual, textsOf } from '../expectations.js';
import { ofGroups } from './fifo-checks.js';

/** Checks the order inside message groups. */
export const orderChecks: CheckTable = {
  'each message group arrives in the order of sending': async (run) => {
    const isFifo = run.promises.fifo !== undefined;
    const ends = await run.openOrdered();
    const sending = ends.startInOrder(ofGroups(ends, ['a1', 'b1', 'a2', 'b2', 'a3'], isFifo));
    const seen = { a: [] as string[], b: [] as string[] };
    for (let left = 5; left > 0;) {
      const received = [await ends.takeOne({ sending }), ...(await ends.receiveNow())];
      left -= received.length;
      textsOf(received).forEach((text, at) => {
        const group = isFifo ? received[at]!.groupId : text.charAt(0);
        seen[group as 'a' | 'b']?.push(text);
      });
      await ends.acknowledge(received);
    }
    await ends.accepted(sending);
    const expected = { a: ['a1', 'a2', 'a3'], b: ['b1', 'b2'] };
    expectEqual(seen, expected, 'the messages of each group to arrive with their group, in the order of sending');
  },
};
