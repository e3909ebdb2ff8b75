import type { ReceiveOptions } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import type { CheckTable } from '../contract-run.js';
import { expectEqual, isQueueError, textsOf } from '../expectations.js';
import type { OpenEnds } from '../open-ends.js';
import { background } from '../sending.js';

/** Number of races between an abort and an arriving message. */
const ROUNDS = 20;

/** Checks receives that wait for a message. */
export const longPollChecks: CheckTable = {
  'a new message ends a long poll': async (run) => {
    const ends = await run.open();
    const { poll } = await openPoll(ends);
    const sending = ends.start(ends.numbered(1));
    const received = await ends.time.within(poll, {
      seconds: 1,
      expectation: 'a message that arrives to end an open receive within a second',
    });
    expectEqual(textsOf(received), ['message 0'], 'the message to arrive');
    await ends.finish(received, sending);
  },

  'a long poll ends without messages when its wait time is over': async (run) => {
    const ends = await run.open();
    const received = await ends.time.within(ends.receive({ waitSeconds: 1 }), {
      seconds: 2,
      expectation: 'a receive with waitSeconds 1 to end after a second',
    });
    expectEqual(received, [], 'a receive on an empty queue to return an empty list');
  },

  'an aborted long poll rejects at once and the queue stays usable': async (run) => {
    const ends = await run.open();
    const abort = new AbortController();
    const { poll } = await openPoll(ends, { visibilityTimeoutSeconds: 1, signal: abort.signal });
    abort.abort();
    const like = { code: 'RequestAborted', retryable: true };
    await run.rejects(() => poll, like, 'an aborted receive to reject with the code RequestAborted');
    expectEqual(textsOf(await ends.deliver(ends.numbered(1))), ['message 0'], 'the next message to arrive');
  },
};

/** Checks receives of a carrier that cannot wait. */
export const noLongPollChecks: CheckTable = {
  'a receive that is asked to wait returns at once': async (run) => {
    const ends = await run.open();
    const received = await ends.time.within(ends.receive({ waitSeconds: 20 }), {
      expectation: 'a receive to return at once, since the carrier does not promise "longPolling"',
    });
    expectEqual(received, [], 'a receive on an empty queue to return an empty list');
  },
};

/** Checks receives that a stopping worker may abort. */
export const abortChecks: CheckTable = {
  'an aborted receive hides none of the messages that are sent later': async (run) => {
    const ends = await run.open();
    const abort = new AbortController();
    const polls: OpenPoll[] = [];
    for (let poll = 0; poll < 3; poll++) polls.push(await openPoll(ends, { signal: abort.signal }));
    abort.abort();
    for (const { poll } of polls) {
      await run.rejects(() => poll, { code: 'RequestAborted' }, 'an aborted receive to reject');
    }
    const { sending, received } = await ends.hold(ends.numbered(3), { waitSeconds: 1 });
    const expected = ['message 0, delivery 1', 'message 1, delivery 1', 'message 2, delivery 1'];
    expectEqual(deliveriesOf(received).sort(), expected, 'all messages to arrive, each as a first delivery');
    await ends.finish(received, sending);
  },

  'an abort while a message arrives neither loses nor hides the message': async (run) => {
    const ends = await run.open();
    for (let round = 0; round < ROUNDS; round++) await raceAbort(ends, round);
  },
};

/** Aborts a receive a few turns after the send. Each round waits for another number of turns. */
async function raceAbort(ends: OpenEnds, round: number): Promise<void> {
  const abort = new AbortController();
  const poll = background(ends.receive({ waitSeconds: 20, signal: abort.signal }).catch(whenAborted));
  const sending = ends.start([{ body: ends.body(`round ${round}`) }]);
  for (let turn = 0; turn < round % 5; turn++) await new Promise((resolve) => void setImmediate(resolve));
  abort.abort();
  const early = await ends.time.within(poll, { seconds: 1, expectation: 'an aborted receive to end' });
  const received = early.length > 0 ? early : await ends.take(1, { sending });
  const expectation = 'the message to arrive once: by the aborted receive, or by the next receive as a first delivery';
  expectEqual(deliveriesOf(received), [`round ${round}, delivery 1`], expectation);
  await ends.finish(received, sending);
}

/** Opens a long poll, and makes sure that the receiver is at work by a receive beside the poll. */
async function openPoll(ends: OpenEnds, options: Partial<ReceiveOptions> = {}): Promise<OpenPoll> {
  const poll = background(ends.receive({ waitSeconds: 20, ...options }));
  expectEqual(await ends.receiveNow(), [], 'a receive beside an open receive to return at once, without messages');
  return { poll };
}

interface OpenPoll {
  readonly poll: Promise<readonly ReceivedMessage[]>;
}

function deliveriesOf(received: readonly ReceivedMessage[]): string[] {
  return textsOf(received).map((text, at) => `${text}, delivery ${received[at]!.receiveCount}`);
}

/** Returns no messages for an aborted receive. */
function whenAborted(error: unknown): readonly ReceivedMessage[] {
  if (isQueueError(error) && error.code === 'RequestAborted') return [];
  throw error;
}
