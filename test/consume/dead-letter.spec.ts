import { describe, expect, it } from '@jest/globals';
import { deadLetter, deadLetterCount } from '../../lib/consume/dead-letter.js';
import { DEAD_LETTER_ATTRIBUTE, type DeadLetterNote } from '../../lib/queue/dead-letter-note.js';
import { messageBytes, type ReceivedMessage } from '../../lib/queue/wire-message.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { received } from './harness.js';

const source = createMemoryQueue({ name: 'source' });
const target = createMemoryQueue({ name: 'target' });
const fifoTarget = createMemoryQueue({ name: 'target.fifo', fifo: true });

function copyOf(more: Partial<ReceivedMessage>, detail = 'why', to = target): ReturnType<typeof deadLetter> {
  return deadLetter(received('m1', more), { type: 'reject', reason: 'truncated', detail }, source, to);
}

function noteOf(copy: ReturnType<typeof deadLetter>): DeadLetterNote | undefined {
  const text = copy.attributes?.[DEAD_LETTER_ATTRIBUTE];
  return text === undefined ? undefined : (JSON.parse(text) as DeadLetterNote);
}

describe('a dead letter', () => {
  it('copies the body and the attributes of a message and adds the reason of the rejection', async () => {
    const copy = copyOf({ body: 'xyz', attributes: { a: '1', b: '2' }, receiveCount: 3 });
    expect(copy.body).toBe('xyz');
    expect(copy.attributes).toMatchObject({ a: '1', b: '2' });
    expect(noteOf(copy)).toEqual({
      reason: 'truncated',
      detail: 'why',
      queue: 'source',
      messageId: 'm1',
      receiveCount: 3,
      count: 1,
    });
    expect(await target.send([copy])).toMatchObject([{ ok: true }]);
  });

  it('keeps ten attributes of a message and leaves out the dead-letter note', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`a${i}`, 'x']));
    expect(copyOf({ attributes }).attributes).toEqual(attributes);
    const { a9: _, ...nine } = attributes;
    expect(Object.keys(copyOf({ attributes: nine }).attributes!)).toHaveLength(10);
    expect(await target.send([copyOf({ attributes })])).toMatchObject([{ ok: true }]);
  });

  it('leaves out the dead-letter note where the dead-letter queue takes no attributes', () => {
    const plain = createMemoryQueue({ name: 'plain' });
    Object.assign(plain, { features: { ...plain.features, attributes: false } });
    const copy = copyOf({ body: 'xyz' }, 'why', plain);
    expect([copy.body, { ...copy.attributes }]).toEqual(['xyz', {}]);
  });

  it('replaces the dead-letter note of an earlier rejection', () => {
    const attributes = { [DEAD_LETTER_ATTRIBUTE]: '{"reason":"forged"}', a: '1' };
    expect(noteOf(copyOf({ attributes }))).toMatchObject({ reason: 'truncated', count: 1 });
  });

  it.each([
    ['{"count":2}', 2],
    ['{"count":2.9}', 2],
    ['{"count":1e300}', 1_000_000],
    ['{"count":"2"}', 0],
    ['{"count":-1}', 0],
    ['{"count":null}', 0],
    ['null', 0],
    ['{', 0],
    ['', 0],
  ])('reads the count of earlier dead letters from the note %s: %d', (note, count) => {
    const attributes = { [DEAD_LETTER_ATTRIBUTE]: note };
    expect(deadLetterCount(received('m1', { attributes }))).toBe(count);
    expect(noteOf(copyOf({ attributes }))).toMatchObject({ count: count + 1 });
    expect(deadLetterCount(received('m1', { attributes: {}, copy: { body: 'x', attributes } }))).toBe(count);
  });

  it('leaves out the dead-letter note when the copy would exceed the message size limit', async () => {
    const noteBytes = messageBytes(copyOf({ body: '' }, ''));
    const limit = target.limits.messageBytes;
    const fits = copyOf({ body: 'x'.repeat(limit - noteBytes) }, '');
    expect([noteOf(fits)?.reason, messageBytes(fits)]).toEqual(['truncated', limit]);
    for (const length of [limit - noteBytes + 1, limit]) {
      const copy = copyOf({ body: 'x'.repeat(length) }, '');
      expect([noteOf(copy), String(copy.body).length]).toEqual([undefined, length]);
      expect(await target.send([copy])).toMatchObject([{ ok: true }]);
    }
  });

  it('empties the detail of the dead-letter note and keeps the count near the message size limit', () => {
    const noteBytes = messageBytes(copyOf({ body: '' }, ''));
    const body = 'x'.repeat(target.limits.messageBytes - noteBytes);
    expect(noteOf(copyOf({ body }, 'why'))).toMatchObject({ reason: 'truncated', detail: '', count: 1 });
    expect(noteOf(copyOf({ body: body.slice('why'.length) }, 'why'))).toMatchObject({ detail: 'why' });
  });

  it('limits the detail to 512 characters and replaces characters that queues refuse', async () => {
    const copy = copyOf({}, `\0\u001f\ud800ä€${'x'.repeat(10_000)}`);
    expect(noteOf(copy)!.detail).toBe(`?????${'x'.repeat(507)}`);
    expect(await target.send([copy])).toMatchObject([{ ok: true }]);
  });

  it('keeps the group id of a message for a standard queue', () => {
    expect(copyOf({ groupId: 'g' })).toMatchObject({ groupId: 'g' });
    expect(copyOf({})).not.toHaveProperty('groupId');
    expect(copyOf({ groupId: 'g' })).not.toHaveProperty('deduplicationId');
  });

  it('gives the copy for a FIFO queue a group id and a stable deduplication id', async () => {
    expect(copyOf({ groupId: 'g' }, 'why', fifoTarget)).toMatchObject({ groupId: 'g', deduplicationId: 'm1' });
    expect(copyOf({}, 'why', fifoTarget)).toMatchObject({ groupId: 'm1', deduplicationId: 'm1' });
    await fifoTarget.send([copyOf({ groupId: 'g' }, 'why', fifoTarget)]);
    await fifoTarget.send([copyOf({ groupId: 'g', receiveCount: 2 }, 'why', fifoTarget)]);
    expect(fifoTarget.messages()).toHaveLength(1);
  });
});
