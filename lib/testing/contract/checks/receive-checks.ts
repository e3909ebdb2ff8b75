import type { CheckTable } from '../contract-run.js';
import { expectEqual, expectThat, textsOf } from '../expectations.js';

/** Largest difference in ms between the clock of a queue and the clock of its receiver. */
const CLOCK_SKEW_MS = 300_000;

/** Checks how many messages a receive returns, and what the receive says of each. */
export const receiveChecks: CheckTable = {
  'a receive returns at most the requested number of messages': async (run) => {
    const ends = await run.open();
    const sending = ends.start(ends.numbered(5));
    const max = Math.min(3, ends.receiver.limits.batchEntries);
    const received = await ends.take(5, { max, sending });
    expectThat(new Set(received.map(({ id }) => id)).size === 5, 'five messages to arrive with five ids');
    expectEqual(await ends.receiveNow({ max }), [], 'a receive to return nothing after all messages arrived');
    await ends.finish(received, sending);
  },

  'an empty queue returns no messages': async (run) => {
    const ends = await run.open();
    expectEqual(await ends.receiveNow(), [], 'a receive on an empty queue to return an empty list');
  },

  'a first delivery carries its receive count, its times and a receipt': async (run) => {
    const ends = await run.open();
    const { sending, received } = await ends.hold(ends.numbered(1));
    const [message] = received;
    const { receiveCount, receivedAt, sentAt = receivedAt, receipt } = message!;
    expectEqual(receiveCount, 1, 'the first delivery of a message to have the receive count 1');
    expectThat(receivedAt > 0, 'receivedAt to be a time');
    // The receiver sets one time and the queue may set the other time.
    expectThat(Math.abs(receivedAt - sentAt) <= CLOCK_SKEW_MS, 'sentAt to be within five minutes of receivedAt');
    expectThat(receipt !== '', 'a delivery to have a receipt');
    await ends.finish(received, sending);
  },

  'a message without attributes arrives with an empty attributes object without a prototype': async (run) => {
    const ends = await run.open();
    const [message] = await ends.deliver([{ body: ends.body('without') }]);
    const { attributes } = message!;
    expectEqual(Object.keys(attributes), [], 'a message without attributes to arrive without attributes');
    expectThat(
      Object.getPrototypeOf(attributes) === null,
      'attributes to be an object without a prototype, since senders choose the names',
    );
  },

  'concurrent receivers never get the same message': async (run) => {
    const ends = await run.open();
    const messages = ends.numbered(40);
    const sending = ends.start(messages);
    const received = await ends.take(40, {
      receivers: 8,
      max: 5,
      waitSeconds: ends.features.longPolling ? 1 : 0,
      sending,
    });
    expectEqual(
      textsOf(received).sort(),
      textsOf(messages).sort(),
      'eight concurrent receivers to get each message once',
    );
    await ends.finish(received, sending);
  },

  'a receive whose signal is already aborted rejects': async (run) => {
    const ends = await run.open();
    const receive = (): Promise<unknown> => ends.receive({ waitSeconds: 0, signal: AbortSignal.abort() });
    const like = { code: 'RequestAborted', retryable: true };
    await run.rejects(receive, like, 'a receive with an aborted signal to reject with the code RequestAborted');
  },
};
