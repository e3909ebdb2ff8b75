import type { WireBody } from '../../../queue/wire-message.js';
import type { CheckTable } from '../contract-run.js';
import { expectEqual, expectThat, readable, textsOf } from '../expectations.js';
import type { OpenEnds } from '../open-ends.js';

/** Bytes of the longest body, where the limits of the carrier allow as much. */
const LONG_BYTES = 100_000;

/** Checks ids, and entries that fail. */
export const sendChecks: CheckTable = {
  'every sent message gets an id of its own': async (run) => {
    const ends = await run.open();
    const { sending, received } = await ends.hold(ends.numbered(10));
    await ends.acknowledge(received);
    const ids = await ends.accepted(sending);
    expectEqual([ids.length, new Set(ids).size], [10, 10], 'send to answer ten messages with ten different ids');
    expectThat(!ids.includes(''), 'send to answer with ids that are not empty');
  },

  'send answers each of its entries': async (run) => {
    const ends = await run.open();
    const count = Math.min(3, ends.sender.limits.batchEntries);
    const sending = ends.sender.send(ends.numbered(count));
    await ends.acknowledge(await ends.take(count, { sending }));
    await ends.succeeds('send', sending, count);
  },

  'an empty body is refused without failing its batch': async (run) => {
    const ends = await run.open();
    const sending = ends.start([{ body: ends.body('first') }, { body: ends.body('') }, { body: ends.body('third') }]);
    const received = await ends.take(2);
    await ends.acknowledge(received);
    expectEqual(textsOf(received).sort(), ['first', 'third'], 'both other messages to arrive');
    const expectation = 'send to refuse the message without a body as "invalid", and no other message';
    expectEqual(await ends.results('send', sending), [true, 'invalid', true], expectation);
  },
};

/** Checks the ids of stored messages. */
export const storedIdChecks: CheckTable = {
  'a message arrives with the id that its send returned': async (run) => {
    const ends = await run.open();
    const messages = ends.numbered(10);
    const { sending, received } = await ends.hold(messages);
    await ends.acknowledge(received);
    const ids = await ends.accepted(sending);
    const sent = textsOf(messages).map((text, at) => `${text}: ${ids[at]}`);
    const arrived = textsOf(received).map((text, at) => `${text}: ${received[at]!.id}`);
    expectEqual(
      arrived.sort(),
      sent.sort(),
      'send to answer with the ids of the messages, in the order of its entries',
    );
  },
};

/** Checks bodies of text. */
export const textChecks: CheckTable = {
  'a text body arrives as it was sent': async (run) => {
    const ends = await run.open();
    await expectBodies(ends, ['gAEABA==', '["json"]', ' \t\r\n ', 'ä € 漢 \uE000 \uFFFD', 'x'.repeat(longBytes(ends))]);
  },

  'a body beyond the basic plane arrives as it was sent': async (run) => {
    await expectBodies(await run.open(), ['an emoji \u{1F980}']);
  },
};

/** Checks bodies of bytes. */
export const bytesChecks: CheckTable = {
  'a body with every byte value arrives as it was sent': async (run) => {
    const ends = await run.open();
    const every = Uint8Array.from({ length: 256 }, (_, value) => value);
    // Text protocols end commands and data with these characters.
    const lines = new TextEncoder().encode('\r\nEND\r\n\0\r\n');
    await expectBodies(ends, [every, every.slice().reverse(), lines, Uint8Array.of(0), every.subarray(100, 103)]);
  },

  'a long body of bytes arrives as it was sent': async (run) => {
    const ends = await run.open();
    await expectBodies(ends, [Uint8Array.from({ length: longBytes(ends) }, (_, at) => at * 31)]);
  },
};

function longBytes({ sender: { limits } }: OpenEnds): number {
  return Math.min(LONG_BYTES, Math.floor(Math.min(limits.messageBytes, limits.batchBytes) / 2));
}

async function expectBodies(ends: OpenEnds, bodies: readonly WireBody[]): Promise<void> {
  const received = await ends.deliver(bodies.map((body) => ({ body })));
  const arrived = received.map(({ body }) => readable(body)).sort();
  expectEqual(arrived, bodies.map(readable).sort(), 'each body to arrive as it was sent');
  const broken = received.flatMap(({ defect, fault }) => defect?.reason ?? fault?.code ?? []);
  expectEqual(broken, [], 'no message to arrive with a defect or a fault');
}
