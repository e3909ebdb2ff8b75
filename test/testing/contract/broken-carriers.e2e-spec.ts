import { AssertionError } from 'node:assert';
import { describe, expect, it } from '@jest/globals';
import type { QueueFeatures } from '#lib/queue/queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { bothEnds, type CarrierPromises, type CarrierUnderTest, queueContract } from '#lib/testing.js';
import { HAND_OVER_FEATURES, HandOver } from '../../contract/hand-over.js';
import { MEMORY_PROMISES, memoryCarrier, override } from '../../contract/memory-carrier.js';
import { BROKEN_HAND_OVERS } from './broken-hand-overs.js';
import { BROKEN_SETTLEMENTS } from './broken-settlements.js';
import { BROKEN_TRANSFERS } from './broken-transfers.js';

/** A call that a broken carrier never answers ends soon. */
const answerMs = 50;

const HAND_OVER_PROMISES: CarrierPromises = { features: HAND_OVER_FEATURES, stores: false };

const WITHOUT_LONG_POLLS = { longPolling: false, abortableReceive: false };

/** Promises that a queue in memory does not keep, and what the check has to say that notices. */
const WRONG_PROMISES: readonly (readonly [title: string, wrong: Partial<QueueFeatures>, expectation: RegExp])[] = [
  ['a receive that is asked to wait returns at once', WITHOUT_LONG_POLLS, /does not promise "longPolling"/],
  ['a message that nobody settles does not come back', { leases: false }, /does not promise "leases"/],
  ['an extension succeeds and changes nothing', { leases: false }, /does not promise "leases"/],
  [
    'a message with attributes is refused without failing its batch',
    { attributes: false },
    /send to refuse the message with an attribute as "invalid"/,
  ],
  [
    'a message with a delay is refused without failing its batch',
    { delay: false },
    /send to refuse the message with a delay as "invalid"/,
  ],
];

const REOPENING: CarrierPromises = { ...MEMORY_PROMISES, reopens: true };
const OUTLIVES = 'a message outlives both ends of its queue';

/** Runs one check, which has to fail with what it expected. */
async function expectFailure(
  title: string,
  expectation: RegExp,
  promises: CarrierPromises,
  carrier: CarrierUnderTest,
): Promise<void> {
  const check = queueContract(promises).find((each) => each.title === title);
  const error: unknown = await check!.run({ ...carrier, answerMs }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AssertionError);
  expect((error as AssertionError).message).toMatch(expectation);
  expect((error as AssertionError).message).toMatch(/^Expected /);
}

describe('the contract of a queue', () => {
  it.each(Object.entries({ ...BROKEN_TRANSFERS, ...BROKEN_SETTLEMENTS }))(
    'notices a broken queue in the check: %s',
    async (title, [expectation, broken]) => {
      const carrier = memoryCarrier((queue) => bothEnds(override(queue, broken(queue))));
      await expectFailure(title, expectation, MEMORY_PROMISES, carrier);
    },
  );

  it.each(Object.entries(BROKEN_HAND_OVERS))(
    'notices a broken receiver in the check: %s',
    async (title, [expectation, broken]) => {
      const clock = new VirtualClock();
      await expectFailure(title, expectation, HAND_OVER_PROMISES, {
        open: async () => {
          const { sender, receiver } = new HandOver(clock);
          return { sender, receiver: { ...receiver, ...broken(receiver) } };
        },
        advance: (ms) => clock.advance(ms),
      });
    },
  );

  it.each(WRONG_PROMISES)('notices a wrong promise in the check: %s', async (title, wrong, expectation) => {
    const features = { ...MEMORY_PROMISES.features, ...wrong };
    await expectFailure(title, expectation, { features }, memoryCarrier());
  });

  it('notices a queue that is empty after both ends were closed', async () => {
    const carrier = memoryCarrier();
    const reopen = () => carrier.open({});
    await expectFailure(OUTLIVES, /a message to outlive the close of both ends/, REOPENING, { ...carrier, reopen });
  });

  it('notices a carrier that promises to open queues again and cannot', async () => {
    await expectFailure(OUTLIVES, /to have the function "reopen"/, REOPENING, memoryCarrier());
  });

  it('has no check that no broken carrier fails', () => {
    const promises = [REOPENING, HAND_OVER_PROMISES, { features: { ...HAND_OVER_FEATURES, ...WITHOUT_LONG_POLLS } }];
    const titles = promises.flatMap(queueContract).map(({ title }) => title);
    const broken = [
      ...Object.keys({ ...BROKEN_TRANSFERS, ...BROKEN_SETTLEMENTS, ...BROKEN_HAND_OVERS }),
      ...WRONG_PROMISES.map(([title]) => title),
      OUTLIVES,
    ];
    expect([...new Set(titles)].sort()).toEqual(broken.sort());
  });
});
