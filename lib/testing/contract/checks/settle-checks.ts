import type { Release } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import type { CheckTable, ContractRun } from '../contract-run.js';
import { expectEqual, expectThat, textsOf } from '../expectations.js';
import type { OpenEnds } from '../open-ends.js';
import { background, type Sending } from '../sending.js';
import { ENDING, SETTLING } from './settling-verbs.js';

/** Completes the sentence "Expected …". */
const BACK = 'the released message to come back';

/** Checks how deliveries end. */
export const settleChecks: CheckTable = {
  'an acknowledged message does not come back': (run) => expectGone(run, 'acknowledge'),

  'a discarded message does not come back': (run) => expectGone(run, 'discard'),

  ...tableOf((verb) => [
    `${verb} answers each of its entries`,
    async (run) => {
      const ends = await run.open();
      const count = Math.min(3, ends.receiver.limits.batchEntries);
      const { received } = await ends.hold(ends.numbered(count));
      await ends.succeeds(verb, SETTLING[verb](ends, received), count);
    },
  ]),

  ...tableOf((verb) => [
    `${verb} refuses a batch without entries or with too many entries`,
    async (run) => {
      const ends = await run.open();
      const { sending, received } = await ends.hold(ends.numbered(1));
      for (const count of [0, ends.receiver.limits.batchEntries + 1]) {
        const batch = Array<ReceivedMessage>(count).fill(received[0]!);
        const expectation = `${verb} to refuse ${count} entries as a whole, as "invalid"`;
        await run.rejects(() => SETTLING[verb](ends, batch), { kind: 'invalid' }, expectation);
      }
      await ends.finish(received, sending);
    },
  ]),

  'send refuses a batch without entries or with too many entries': async (run) => {
    const ends = await run.open();
    for (const count of [0, ends.sender.limits.batchEntries + 1]) {
      const expectation = `send to refuse ${count} entries as a whole, as "invalid"`;
      await run.rejects(() => ends.sender.send(ends.numbered(count)), { kind: 'invalid' }, expectation);
    }
    expectEqual(await ends.receiveNow(), [], 'no message of a refused batch to arrive');
  },
};

/** Checks messages that go back to a queue that stores them. */
export const storedReleaseChecks: CheckTable = {
  'a message released after a failure comes back': (run) => expectBack(run, 'failed'),

  'a message released before it was handled comes back': (run) => expectBack(run, 'not-started'),

  'a released message comes back with a higher receive count': async (run) => {
    const ends = await run.open();
    const { sending, received } = await ends.hold(ends.numbered(1));
    await release(ends, { message: received[0]!, seconds: 0, cause: 'failed' });
    const again = await ends.takeOne({ expectation: BACK });
    expectEqual(again.receiveCount, 2, 'the second delivery of a message to have the receive count 2');
    await ends.finish([again], sending);
  },

  'a released message stays hidden until its seconds are over': async (run) => {
    const ends = await run.open();
    const { short } = run.time;
    const { sending, received } = await ends.hold(ends.numbered(1), { visibilityTimeoutSeconds: short });
    const [first] = received;
    const seconds = 2 * short;
    await release(ends, { message: first!, seconds, cause: 'failed' });
    expectEqual(await ends.receiveNow(), [], `a message released with ${seconds} seconds to stay hidden`);
    const again = await ends.takeOne({ expectation: BACK });
    const hiddenMs = again.receivedAt - first!.receivedAt;
    const isLater = hiddenMs >= seconds * 950;
    expectThat(isLater, `a message released with ${seconds} seconds to come back after them, not after ${hiddenMs} ms`);
    await ends.finish([again], sending);
  },
};

/** Checks messages that go back although nothing stores them. */
export const handedReleaseChecks: CheckTable = {
  'a message released after a failure comes back or fails its send': (run) => expectBackOrFailure(run, 'failed'),

  'a message released before it was handled comes back or fails its send': (run) =>
    expectBackOrFailure(run, 'not-started'),
};

/** Ends one of two messages. The other message stays with its receiver, or comes back. */
async function expectGone(run: ContractRun, verb: keyof typeof ENDING): Promise<void> {
  const ends = await run.open();
  const { short } = run.time;
  const lease = { visibilityTimeoutSeconds: short };
  const gone = await ends.hold([{ body: ends.body('gone') }], lease);
  const kept = await ends.hold([{ body: ends.body('kept') }], lease);
  await ends.succeeds(verb, ENDING[verb](ends, gone.received), 1);
  await (verb === 'acknowledge' ? ends.accepted(gone.sending) : ended(ends, gone.sending, run.stores));
  const [held] = kept.received;
  const back = ends.features.leases ? await ends.takeOne({ expectation: 'the other message to come back' }) : held!;
  expectEqual(textsOf([back]), ['kept'], `${verb} to end its own message and no other message`);
  await ends.expectNothing(ends.features.leases ? short : 2 * short, `${verb} has taken it out of the queue`);
  await ends.finish([back], kept.sending);
}

/** Awaits the send of a discarded message. A carrier without storage may answer with an error. */
async function ended(ends: OpenEnds, sending: Sending, stores: boolean): Promise<unknown> {
  if (stores) return ends.accepted(sending);
  const settled = sending.then(
    () => undefined,
    () => undefined,
  );
  return ends.time.within(settled, { seconds: 1, expectation: 'the send of a discarded message to end' });
}

async function expectBack(run: ContractRun, cause: Release['cause']): Promise<void> {
  const ends = await run.open();
  const { sending, received } = await ends.hold(ends.numbered(1));
  await release(ends, { message: received[0]!, seconds: 0, cause });
  const again = await ends.takeOne({ expectation: BACK });
  expectEqual(textsOf([again]), textsOf(received), `${BACK} unchanged`);
  await ends.finish([again], sending);
}

async function expectBackOrFailure(run: ContractRun, cause: Release['cause']): Promise<void> {
  const ends = await run.open();
  const { sending, received } = await ends.hold(ends.numbered(1));
  await release(ends, { message: received[0]!, seconds: 0, cause });
  const expectation = `${BACK}, or its send to fail`;
  const back = background(ends.takeOne({ expectation }));
  const failure = sending.then(
    ([result]) => (result?.ok === false ? undefined : back),
    () => undefined,
  );
  const again = await ends.time.within(Promise.race([back, failure]), { seconds: 20, expectation });
  if (again === undefined) return;
  expectEqual(textsOf([again]), textsOf(received), `${BACK} unchanged`);
  await ends.finish([again], sending);
}

function release(ends: OpenEnds, entry: Release): Promise<void> {
  return ends.succeeds('release', ends.receiver.release([entry]), 1);
}

/** Makes one check for each verb that settles messages. */
function tableOf(
  check: (verb: keyof typeof SETTLING) => [title: string, run: (run: ContractRun) => Promise<void>],
): CheckTable {
  return Object.fromEntries((Object.keys(SETTLING) as (keyof typeof SETTLING)[]).map(check));
}
