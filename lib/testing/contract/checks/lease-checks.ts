import type { CheckTable, ContractRun } from '../contract-run.js';
import { expectEqual, expectThat } from '../expectations.js';
import { leaseSeconds } from '../carrier-time.js';
import { SETTLING } from './settling-verbs.js';

/** Checks that a message belongs to its receiver for a time. */
export const leaseChecks: CheckTable = {
  'a message stays hidden until its lease ends, then comes back with a higher count': async (run) => {
    const ends = await run.open();
    const { short } = run.time;
    const { sending, received } = await ends.hold(ends.numbered(1), { visibilityTimeoutSeconds: short });
    const [first] = received;
    expectEqual(await ends.receiveNow(), [], 'a message with a lease to be hidden');
    const second = await ends.takeOne({ expectation: 'a message to come back after its lease' });
    expectEqual(second.id, first!.id, 'a message to come back with its id');
    expectEqual([first!.receiveCount, second.receiveCount], [1, 2], 'the receive count to be 1, then 2');
    expectThat(second.receipt !== first!.receipt, 'each delivery to have a receipt of its own');
    const hiddenMs = second.receivedAt - first!.receivedAt;
    // The lease begins before its answer arrives, so the receiver may see less of the lease.
    const isInTime = hiddenMs >= short * 500 && hiddenMs < short * 2500;
    expectThat(isInTime, `a lease of ${short} s to end after ${short} s, not ${hiddenMs} ms`);
    await ends.finish([second], sending);
  },

  'a message with an extended lease comes back later': async (run) => {
    const ends = await run.open();
    const { short } = run.time;
    const { sending, received } = await ends.hold(ends.numbered(1), { visibilityTimeoutSeconds: short });
    const [message] = received;
    const seconds = 2 * short;
    await ends.succeeds('extend', ends.receiver.extend([{ message: message!, seconds }]), 1);
    const again = await ends.takeOne({ expectation: 'a message to come back after its extended lease' });
    const hiddenMs = again.receivedAt - message!.receivedAt;
    expectThat(
      hiddenMs >= seconds * 950,
      `a lease extended to ${seconds} s to hide the message so long, not ${hiddenMs} ms`,
    );
    await ends.finish([again], sending);
  },

  'acknowledging a message twice succeeds': async (run) => {
    const ends = await run.open();
    const { sending, received } = await ends.hold(ends.numbered(2));
    await ends.acknowledge(received.slice(0, 1));
    await ends.finish(received, sending);
    await ends.acknowledge([...received, ...received]);
  },

  'discarding a message twice succeeds': async (run) => {
    const ends = await run.open();
    const { received } = await ends.hold(ends.numbered(1));
    for (const _ of [1, 2]) await ends.succeeds('discard', SETTLING.discard(ends, received), 1);
  },

  'the receipt of an earlier delivery cannot change a later delivery': async (run) => {
    const ends = await run.open();
    const { sending, received } = await ends.hold(ends.numbered(1));
    const [first] = received;
    await ends.succeeds('release', SETTLING.release(ends, received), 1);
    const second = await ends.takeOne();
    // A queue may answer these two with success, or refuse them.
    await SETTLING.acknowledge(ends, received);
    await SETTLING.discard(ends, received);
    for (const verb of ['release', 'extend'] as const) {
      const expectation = `${verb} to answer "lease-lost" for a receipt of an earlier delivery`;
      expectEqual(await ends.results(verb, SETTLING[verb](ends, [first!])), ['lease-lost'], expectation);
    }
    expectEqual(await ends.receiveNow(), [], 'the message to stay with its second receiver');
    await ends.succeeds('release', SETTLING.release(ends, [second]), 1);
    const third = await ends.takeOne();
    expectEqual(third.receiveCount, 3, 'the third delivery of the message to have the receive count 3');
    await ends.finish([third], sending);
  },

  'release answers each entry by itself': (run) => expectOwnResults(run, 'release'),

  'extend answers each entry by itself': (run) => expectOwnResults(run, 'extend'),
};

/** Checks that a message without a lease stays with its receiver. */
export const noLeaseChecks: CheckTable = {
  'a message that nobody settles does not come back': async (run) => {
    const ends = await run.open();
    const { sending, received } = await ends.hold(ends.numbered(1), { visibilityTimeoutSeconds: run.time.short });
    await ends.expectNothing(2 * run.time.short, 'the carrier does not promise "leases"');
    await ends.finish(received, sending);
  },

  'an extension succeeds and changes nothing': async (run) => {
    const ends = await run.open();
    const { sending, received } = await ends.hold(ends.numbered(1), { visibilityTimeoutSeconds: run.time.short });
    await ends.succeeds('extend', ends.receiver.extend([{ message: received[0]!, seconds: run.time.short }]), 1);
    await ends.expectNothing(2 * run.time.short, 'the carrier does not promise "leases"');
    await ends.finish(received, sending);
  },
};

/** Calls a verb with a good entry, an entry beyond the limit, and another good entry. */
async function expectOwnResults(run: ContractRun, verb: 'release' | 'extend'): Promise<void> {
  const ends = await run.open();
  const { batchEntries, leaseSeconds: longest } = ends.receiver.limits;
  const count = Math.min(3, batchEntries);
  const { received } = await ends.hold(ends.numbered(count));
  const bad = Math.min(1, count - 1);
  const good = leaseSeconds(ends.receiver);
  const entries = received.map((message, at) => ({ message, seconds: at === bad ? longest + 1 : good }));
  const answer =
    verb === 'extend'
      ? ends.receiver.extend(entries)
      : ends.receiver.release(entries.map((entry) => ({ ...entry, cause: 'failed' })));
  const expected = entries.map((_, at) => (at === bad ? 'invalid' : true));
  const expectation = `${verb} to answer entry ${bad} as "invalid", since ${longest + 1} seconds are beyond the limit`;
  expectEqual(await ends.results(verb, answer), expected, expectation);
}
