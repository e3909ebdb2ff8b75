import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openFake, startFake } from './open-fake.js';

const now = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue();
afterEach(() => void emitWarning.mockClear());

const ALL = { MessageGroupId: 'g', ApproximateReceiveCount: '3' };

/** Receives twice from a server that knows only one name of the parameter for system attributes. */
async function receivedBy(parameter: string, queue: string, attributes: object = ALL) {
  const fake = await startFake();
  fake.on('ReceiveMessage', ({ body }) => {
    const wanted = (body[parameter] ?? []) as readonly string[];
    const Attributes = Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted.includes(name)));
    return { json: { Messages: [{ MessageId: 'm', ReceiptHandle: 'r', Body: 'x', Attributes }] } };
  });
  const open = await openFake(fake, { queue });
  const received = [await open.receive(now), await open.receive(now)].flat();
  await open.close();
  await fake.stop();
  return received.map(({ groupId, receiveCount }) => [groupId, receiveCount]);
}

describe('the system attributes of received messages', () => {
  it.each(['AttributeNames', 'MessageSystemAttributeNames'])('come from a server that knows %s only', async (name) => {
    expect(await receivedBy(name, `knows-${name}.fifo`)).toEqual([
      ['g', 3],
      ['g', 3],
    ]);
    expect(emitWarning).not.toHaveBeenCalled();
  });

  it.each<[what: string, queue: string, attributes: object, texts: readonly string[]]>([
    ['a FIFO queue and no group', 'a.fifo', { ApproximateReceiveCount: '1' }, ['without MessageGroupId']],
    ['a FIFO queue and nothing', 'b.fifo', {}, ['without MessageGroupId', 'without ApproximateReceiveCount']],
    ['a standard queue and no group', 'c', { ApproximateReceiveCount: '1' }, []],
    ['a standard queue and nothing', 'd', {}, ['without ApproximateReceiveCount']],
  ])('cause one warning for each that is missing: %s', async (_, queue, attributes, texts) => {
    await receivedBy('AttributeNames', queue, attributes);
    const type = { type: 'SqsThriftWarning' };
    expect(emitWarning.mock.calls).toEqual(
      texts.map((text) => [
        expect.stringMatching(new RegExp(`^messages of the queue "${queue}" .*come ${text}`)),
        type,
      ]),
    );
  });
});
