import { resenderOf } from '../../../queue/queue.js';
import type { ReceivedMessage, WireMessage } from '../../../queue/wire-message.js';
import type { CheckTable } from '../contract-run.js';
import { expectEqual, failed, readable } from '../expectations.js';
import type { OpenEnds } from '../open-ends.js';

/** Checks received messages that are sent to the same queue again, as failed calls are. */
export const resendChecks: CheckTable = {
  'a received message that is sent again arrives in the same form': async (run) => {
    const ends = await run.open();
    const attributes = { tenant: 'acme', 'x.part': '7' };
    await expectSameForm(ends, { body: ends.body('again'), ...(ends.features.attributes && { attributes }) });
  },
};

/** Checks the same for groups on standard queues. */
export const resendGroupChecks: CheckTable = {
  'a received message that is sent again keeps its group id': async (run) => {
    const ends = await run.open();
    await expectSameForm(ends, { body: ends.body('of a tenant'), groupId: 'tenant-1' });
  },
};

/** Checks the same for groups on FIFO queues. */
export const fifoResendChecks: CheckTable = {
  'a received message of a FIFO queue that is sent again keeps its group id': async (run) => {
    const ends = await run.open({ fifo: true });
    await expectSameForm(ends, { body: ends.body('first'), groupId: 'a', deduplicationId: 'first' });
  },
};

async function expectSameForm(ends: OpenEnds, message: WireMessage): Promise<void> {
  const sender = resenderOf(ends.receiver);
  if (sender === undefined) throw failed('a receiver that promises "resend" to have the verb "send"');
  const sending = ends.start([message]);
  const first = await ends.takeOne({ sending });
  expectEqual(formOf(first), formOf(message), 'a message to arrive as it was sent');
  const again = ends.with({ sender }).start([copyOf(first, message)]);
  await ends.finish([first], sending);
  const second = await ends.takeOne({ sending: again });
  expectEqual(formOf(second), formOf(message), 'a message that is sent again to arrive in the form of its original');
  await ends.finish([second], again);
}

/** Builds the copy as the engine does. A FIFO queue needs a deduplication id of the copy's own. */
function copyOf(original: ReceivedMessage, { attributes, deduplicationId }: WireMessage): WireMessage {
  return {
    body: original.body,
    original,
    ...(attributes !== undefined && { attributes: original.attributes }),
    ...(original.groupId !== undefined && { groupId: original.groupId }),
    ...(deduplicationId !== undefined && { deduplicationId: `${deduplicationId}-again` }),
  };
}

function formOf({ body, attributes, groupId }: WireMessage): unknown {
  return { body: readable(body), attributes: { ...attributes }, groupId };
}
