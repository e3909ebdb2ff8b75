import type { CheckTable } from '../contract-run.js';
import { expectEqual, textsOf } from '../expectations.js';
import { background } from '../sending.js';
import { SETTLING } from './settling-verbs.js';

const CLOSED = { code: 'QueueClosed', kind: 'closed', retryable: false } as const;

/** Checks both ends after their close. */
export const closeChecks: CheckTable = {
  'every verb rejects after a close and a second close succeeds': async (run) => {
    const ends = await run.open();
    const { sender, receiver } = ends;
    const { received } = await ends.hold(ends.numbered(1));
    await ends.time.within(Promise.all([sender.close(), receiver.close(), receiver.close()]), {
      seconds: 1,
      expectation: 'two calls of close at the same time to resolve',
    });
    await ends.time.within(Promise.all([sender.close(), receiver.close()]), {
      seconds: 1,
      expectation: 'a close of a closed end to resolve',
    });
    const calls = {
      send: () => sender.send(ends.numbered(1)),
      receive: () => ends.receive(),
      ...Object.fromEntries(Object.entries(SETTLING).map(([verb, call]) => [verb, () => call(ends, received)])),
    };
    for (const [verb, call] of Object.entries(calls)) {
      await run.rejects(call, CLOSED, `${verb} to reject with the code QueueClosed after a close`);
    }
  },
};

/** Checks an open receive at the moment of a close. */
export const closePollChecks: CheckTable = {
  'a close ends an open long poll': async (run) => {
    const ends = await run.open();
    const poll = background(ends.receive({ waitSeconds: 20 }));
    expectEqual(await ends.receiveNow(), [], 'a receive beside an open receive to return at once, without messages');
    await ends.time.within(ends.receiver.close(), { seconds: 1, expectation: 'close to resolve' });
    await run.rejects(() => poll, CLOSED, 'a close to end an open receive with the code QueueClosed');
  },
};

/** Checks that messages outlive both ends. */
export const persistenceChecks: CheckTable = {
  'a message outlives both ends of its queue': async (run) => {
    const ends = await run.open();
    await ends.store([{ body: ends.body('kept') }]);
    await ends.close();
    const again = await run.reopen(ends);
    const message = await again.takeOne({ expectation: 'a message to outlive the close of both ends' });
    expectEqual(textsOf([message]), ['kept'], 'the message to arrive as it was sent');
    await again.acknowledge([message]);
  },
};
