import type { CheckTable } from '../contract-run.js';
import { expectEqual, expectThat, textsOf } from '../expectations.js';

/** Checks messages that cannot be received yet. */
export const delayChecks: CheckTable = {
  'a delayed message arrives when its delay is over': async (run) => {
    const ends = await run.open();
    const { short: delaySeconds } = run.time;
    const [earlier] = await ends.deliver([{ body: ends.body('earlier') }]);
    const sending = ends.start([{ body: ends.body('later'), delaySeconds }, { body: ends.body('now') }]);
    const first = await ends.takeOne({ sending });
    expectEqual(textsOf([first]), ['now'], 'the message without a delay to arrive first');
    const second = await ends.takeOne({ sending });
    expectEqual(textsOf([second]), ['later'], 'the delayed message to arrive second');
    // The queue may set sentAt by another clock. The receiver sets both of these times.
    const elapsedMs = second.receivedAt - earlier!.receivedAt;
    expectThat(
      elapsedMs >= delaySeconds * 1000,
      'the delayed message to arrive no sooner than its delay after its send',
    );
    await ends.finish([first, second], sending);
  },
};

/** Checks that a carrier without delays refuses a delay. */
export const noDelayChecks: CheckTable = {
  'a message with a delay is refused without failing its batch': async (run) => {
    const ends = await run.open();
    const sending = ends.start([{ body: ends.body('now') }, { body: ends.body('later'), delaySeconds: 1 }]);
    const received = await ends.take(1);
    await ends.acknowledge(received);
    const expectation = 'send to refuse the message with a delay as "invalid", and no other message';
    expectEqual(await ends.results('send', sending), [true, 'invalid'], expectation);
    expectEqual(textsOf(received), ['now'], 'the other message to arrive');
  },
};
