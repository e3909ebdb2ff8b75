import type { CheckTable } from '../contract-run.js';
import { expectEqual, expectThat, textsOf } from '../expectations.js';

/** Checks text beside the body. */
export const attributeChecks: CheckTable = {
  'attributes arrive as they were sent': async (run) => {
    const ends = await run.open();
    const attributes = {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      'x.tenant-id_1': 'ä 漢',
    };
    const [message] = await ends.deliver([{ body: ends.body('with'), attributes }]);
    expectEqual({ ...message!.attributes }, attributes, 'attributes to arrive exactly as they were sent');
    expectThat(message!.defect === undefined, 'a message with attributes to arrive without a defect');
  },

  'the group id of a message arrives on a standard queue': async (run) => {
    const ends = await run.open();
    const [message] = await ends.deliver([{ body: ends.body('of a tenant'), groupId: 'tenant-1' }]);
    expectEqual(message!.groupId, 'tenant-1', 'the group id to arrive as it was sent');
  },

  'the queue refuses more attributes than the limit': async (run) => {
    const ends = await run.open();
    const { attributes: most } = ends.sender.limits;
    const attributes = Object.fromEntries(Array.from({ length: most + 1 }, (_, at) => [`a${at}`, 'v']));
    const results = await ends.results('send', ends.start([{ body: ends.body('too many'), attributes }]));
    expectEqual(results, ['invalid'], `send to refuse ${most + 1} attributes as "invalid"`);
  },
};

/** Checks that a carrier without attributes refuses attributes. */
export const noAttributeChecks: CheckTable = {
  'a message with attributes is refused without failing its batch': async (run) => {
    const ends = await run.open();
    const sending = ends.start([
      { body: ends.body('empty'), attributes: {} },
      { body: ends.body('with'), attributes: { tenant: 'acme' } },
    ]);
    const received = await ends.take(1);
    await ends.acknowledge(received);
    const expectation = 'send to refuse the message with an attribute as "invalid", and no other message';
    expectEqual(await ends.results('send', sending), [true, 'invalid'], expectation);
    expectEqual(textsOf(received), ['empty'], 'the other message to arrive');
  },
};
