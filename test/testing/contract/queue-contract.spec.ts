import { describe, expect, it } from '@jest/globals';
import type { QueueFeatures } from '#lib/queue/queue.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import {
  bothEnds,
  type CarrierEnds,
  type CarrierPromises,
  type CarrierUnderTest,
  queueContract,
} from '#lib/testing.js';
import { HAND_OVER_FEATURES } from '../../contract/hand-over.js';
import { MEMORY_PROMISES, memoryCarrier, override } from '../../contract/memory-carrier.js';

const { features } = MEMORY_PROMISES;

function titles(promises: CarrierPromises): string[] {
  return queueContract(promises).map(({ title }) => title);
}

/** Runs the check of a title. */
async function run(title: string, carrier: CarrierUnderTest): Promise<void> {
  await queueContract(MEMORY_PROMISES)
    .find((check) => check.title === title)!
    .run(carrier);
}

describe('queueContract', () => {
  it.each<[kind: string, promises: CarrierPromises]>([
    ['that stores messages', { ...MEMORY_PROMISES, reopens: true }],
    ['without storage', { features: HAND_OVER_FEATURES, stores: false }],
  ])('gives each check a group and a title of its own for a carrier %s', (_, promises) => {
    const checks = queueContract(promises);
    expect(new Set(checks.map(({ title }) => title)).size).toBe(checks.length);
    expect(checks.filter(({ group, title }) => group === '' || !/^[a-z]+ .+ /.test(title))).toEqual([]);
  });

  it.each<[entry: string, changed: Partial<QueueFeatures>]>([
    ['leases', { leases: false }],
    ['ordered', { ordered: true }],
    ['attributes', { attributes: false }],
    ['delay', { delay: false }],
    ['longPolling', { longPolling: false }],
    ['abortableReceive', { abortableReceive: false }],
    ['resend', { resend: false }],
    ['body', { body: 'bytes' }],
  ])('follows the entry %s of the features table', (_, changed) => {
    expect(titles({ features: { ...features, ...changed } })).not.toEqual(titles({ features }));
  });

  it('adds checks for FIFO queues, for a redrive and for queues that can be opened again', () => {
    const added = (promises: Partial<CarrierPromises>): string[] =>
      titles({ features, ...promises }).filter((title) => !titles({ features }).includes(title));
    expect(added({ fifo: MEMORY_PROMISES.fifo }).length).toBeGreaterThan(8);
    expect(added({ redrive: true })).toHaveLength(3);
    expect(added({ reopens: true })).toEqual(['a message outlives both ends of its queue']);
  });

  it('leaves out checks on stored messages for a carrier without storage', () => {
    const left = titles({ ...MEMORY_PROMISES, stores: false });
    expect(titles(MEMORY_PROMISES)).toContain('a message arrives with the id that its send returned');
    expect(left).not.toContain('a message arrives with the id that its send returned');
    expect(left).not.toContain('a message in flight locks its message group and no other group');
  });

  it.each(['a message released after a failure', 'a message released before it was handled'])(
    'accepts that a carrier without storage delivers %s again',
    async (message) => {
      const title = `${message} comes back or fails its send`;
      const check = queueContract({ features, stores: false }).find((each) => each.title === title);
      await check!.run(memoryCarrier());
    },
  );

  it('gives a check the reason of its deviation', () => {
    const title = 'attributes arrive as they were sent';
    const checks = queueContract({ features, deviations: { [title]: 'it drops them' } });
    expect(checks.filter(({ deviation }) => deviation !== undefined)).toMatchObject([
      { title, deviation: 'it drops them' },
    ]);
  });

  it.each(['a check that nobody wrote', 'toString'])('refuses a deviation that names no check: %s', (title) => {
    expect(() => queueContract({ features, deviations: { [title]: 'x' } })).toThrow(
      `The contract has no check "${title}" for these promises. Correct the title in "deviations", or delete it.`,
    );
  });

  it('closes both ends after a check, whether it passes or fails', async () => {
    const closed: string[] = [];
    const ends = ({ sender, receiver }: CarrierEnds, name: string): CarrierEnds => ({
      sender: override(sender as never, { close: async () => void closed.push(`sender of ${name}`) }),
      receiver: override(receiver as never, { close: async () => void closed.push(`receiver of ${name}`) }),
    });
    const good = memoryCarrier((queue) => ends(bothEnds(queue), 'good'));
    await run('an empty queue returns no messages', good);
    const bad = memoryCarrier((queue) => ends(bothEnds(override(queue, { receive: async () => [] })), 'bad'));
    await expect(run('attributes arrive as they were sent', { ...bad, answerMs: 50 })).rejects.toThrow();
    expect(closed).toEqual(['sender of good', 'receiver of good', 'sender of bad', 'receiver of bad']);
  });

  it('reports the failure of a check and not the failure to close after the failure', async () => {
    const close = async (): Promise<void> => {
      throw new Error('it cannot close');
    };
    const broken = memoryCarrier((queue) => bothEnds(override(queue, { close, receive: async () => [] })));
    await expect(run('an empty queue returns no messages', broken)).rejects.toThrow('it cannot close');
    await expect(run('attributes arrive as they were sent', { ...broken, answerMs: 50 })).rejects.toThrow(
      'Expected the receiver to hand out the message.',
    );
  });

  it('fails a check with the refusal of its send, without waiting for the message', async () => {
    const refusing = memoryCarrier((queue) =>
      bothEnds(
        override(queue, { send: () => queue.send([{ body: '' }]), receive: () => new Promise(() => undefined) }),
      ),
    );
    await expect(run('attributes arrive as they were sent', refusing)).rejects.toThrow(
      /^Expected the sender to accept a valid message\. It answered: MissingParameter/,
    );
  });

  it('serves a carrier that takes one message at a time', async () => {
    const clock = new VirtualClock();
    const carrier: CarrierUnderTest = {
      open: async () => bothEnds(createMemoryQueue({ clock, limits: { batchEntries: 1 } })),
      advance: (ms) => clock.advance(ms),
    };
    for (const check of queueContract({ features })) await check.run(carrier);
  });

  it('fails a call that ends in an error other than a QueueError, or not at all', async () => {
    const title = 'a receive whose signal is already aborted rejects';
    const expectation = 'Expected a receive with an aborted signal to reject with the code RequestAborted.';
    const throwing = memoryCarrier((queue) =>
      bothEnds(override(queue, { receive: () => Promise.reject(new Error('no')) })),
    );
    await expect(run(title, throwing)).rejects.toThrow(`${expectation} The call rejected with Error: no.`);
    const silent = memoryCarrier((queue) => bothEnds(override(queue, { receive: () => new Promise(() => undefined) })));
    await expect(run(title, { ...silent, answerMs: 50 })).rejects.toThrow(`${expectation} The call did not end.`);
  });

  it('waits for a carrier on the machine clock only as long as an answer may take', async () => {
    const carrier: CarrierUnderTest = {
      open: async () => bothEnds(override(createMemoryQueue(), { receive: () => new Promise(() => undefined) })),
      answerMs: 50,
    };
    await expect(run('an empty queue returns no messages', carrier)).rejects.toThrow(
      'Expected a receive with waitSeconds 0 to answer at once.',
    );
  });
});
