import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../../lib/queue/clock.js';
import type { Queue, ReceiveOptions } from '../../../lib/queue/queue.js';
import { createMemoryQueue } from '../../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../../lib/testing/virtual-clock.js';
import { bothEnds, type CarrierPromises, type CarrierUnderTest, queueContract } from '../../../lib/testing.js';
import { turns } from '../../consume/harness.js';
import { MEMORY_PROMISES, memoryCarrier, override } from '../../contract/memory-carrier.js';

/** Promises without a dead-letter queue, which a carrier with limits of its own would have to open. */
const PROMISES: CarrierPromises = { ...MEMORY_PROMISES, redrive: false };

const LATE = 'a delayed message arrives when its delay is over';
const POLL = 'a new message ends a long poll';
const FIRST = 'a first delivery carries its receive count, its times and a receipt';

/** Runs all checks. Returns the failures, each with the title of its check. */
async function failuresOf(carrier: () => CarrierUnderTest): Promise<string[]> {
  const failures: string[] = [];
  for (const { title, run } of queueContract(PROMISES)) {
    await run(carrier()).catch((error: unknown) => failures.push(`${title}: ${String(error)}`));
  }
  return failures;
}

/** Runs one check. */
async function run(title: string, carrier: CarrierUnderTest): Promise<void> {
  await queueContract(MEMORY_PROMISES)
    .find((check) => check.title === title)!
    .run({ ...carrier, answerMs: 50 });
}

/** Opens queues of which a verb is another. */
function changed(change: (queue: Queue, clock: VirtualClock) => Partial<Queue>): CarrierUnderTest {
  const clock = new VirtualClock();
  return {
    open: async () => {
      const queue = createMemoryQueue({ clock });
      return bothEnds(override(queue, change(queue, clock)));
    },
    advance: (ms) => clock.advance(ms),
  };
}

/** Opens queues whose clock differs from the clock of their receivers. */
function skewed(ms: number): CarrierUnderTest {
  return memoryCarrier((queue) =>
    bothEnds(
      override(queue, {
        receive: async (options: ReceiveOptions) =>
          (await queue.receive(options)).map((message) => ({ ...message, sentAt: message.sentAt! + ms })),
      }),
    ),
  );
}

describe('the contract of a queue with limits of its own', () => {
  it.each([600, 40, 20, 10])('asks for no lease beyond the limit of a carrier with leases of %d s', async (seconds) => {
    const failures = await failuresOf(() => {
      const clock = new VirtualClock();
      return {
        open: async ({ fifo = false }) =>
          bothEnds(createMemoryQueue({ clock, fifo, limits: { leaseSeconds: seconds } })),
        advance: (ms) => clock.advance(ms),
      };
    });
    expect(failures).toEqual([]);
  });
});

describe('the contract of a queue whose clock is not the clock of its receiver', () => {
  it.each([-60_000, 60_000])('accepts a difference of %d ms', async (ms) => {
    expect(await failuresOf(() => skewed(ms))).toEqual([]);
  });

  it.each([
    ['seconds in place of milliseconds', -Date.UTC(2024, 0, 1)],
    ['a time in the future', 86_400_000],
  ])('notices a queue that reports %s', async (_, ms) => {
    await expect(run(FIRST, skewed(ms))).rejects.toThrow('Expected sentAt to be within five minutes of receivedAt.');
  });

  it('notices a queue that hands out a delayed message too early', async () => {
    const early = changed((queue, clock) => ({
      send: (messages) =>
        Promise.all(
          messages.map(async ({ delaySeconds, ...message }) => {
            if (delaySeconds !== undefined) await sleep(clock, 500);
            return (await queue.send([message]))[0]!;
          }),
        ),
    }));
    await expect(run(LATE, early)).rejects.toThrow(
      'Expected the delayed message to arrive no sooner than its delay after its send.',
    );
  });

  it('notices a receiver that returns a new message two seconds late', async () => {
    const late = changed((queue, clock) => ({
      receive: async (options) => {
        const messages = await queue.receive(options);
        if (options.waitSeconds > 0) await sleep(clock, 2_000);
        return messages;
      },
    }));
    await expect(run(POLL, late)).rejects.toThrow(
      'Expected a message that arrives to end an open receive within a second.',
    );
  });
});

describe('a failed check of the contract', () => {
  it.each([
    ['dead letters', 'a message received too often moves to the dead-letter queue with its body and attributes'],
    ['messages', 'attributes arrive as they were sent'],
  ])('receives no more after it waited for %s in vain', async (_, title) => {
    let receives = 0;
    const deaf = (queue: Queue): Queue => {
      const isDeaf = queue.name === 'dead' || title.startsWith('attributes');
      return override(queue, isDeaf ? { receive: async () => (receives++, []) } : {});
    };
    await expect(
      run(
        title,
        memoryCarrier((queue) => bothEnds(deaf(queue))),
      ),
    ).rejects.toThrow(/Received so far: 0/);
    const before = receives;
    await turns(20);
    expect(receives - before).toBeLessThan(3);
  });
});
