import { describe, expect, it } from '@jest/globals';
import type { WireMessage } from '../../../lib/queue/wire-message.js';
import { createMemoryQueue } from '../../../lib/carriers/memory/memory-queue.js';
import type { MemoryQueueOptions } from '../../../lib/carriers/memory/memory-queue-options.js';

/** The code of the error for this message, or 'ok'. */
async function send(message: WireMessage, options: MemoryQueueOptions = {}): Promise<string> {
  const [outcome] = await createMemoryQueue(options).send([message]);
  return outcome?.ok === false ? outcome.error.code : 'ok';
}

const MiB = 1_048_576;

describe('the message rules of a queue in memory', () => {
  it.each([
    ['tab, newline, return', '\t\n\r', 'ok'],
    ['the last before the surrogates', '\uD7FF', 'ok'],
    ['the first after the surrogates', '\uE000', 'ok'],
    ['U+FFFD', '\uFFFD', 'ok'],
    ['the first beyond the basic plane', '\u{10000}', 'ok'],
    ['the last of all', '\u{10FFFF}', 'ok'],
    ['NUL', '\0', 'InvalidMessageContents'],
    ['vertical tab', '\v', 'InvalidMessageContents'],
    ['U+001F', '\x1F', 'InvalidMessageContents'],
    ['U+FFFE', '\uFFFE', 'InvalidMessageContents'],
    ['U+FFFF', '\uFFFF', 'InvalidMessageContents'],
    ['a lone high surrogate', 'a\uD83D', 'InvalidMessageContents'],
    ['a lone low surrogate', '\uDC00a', 'InvalidMessageContents'],
    ['no characters', '', 'MissingParameter'],
  ])('applies the character rules of SQS to a body of %s', async (_, body, expected) => {
    expect(await send({ body })).toBe(expected);
  });

  it('refuses a body of bytes', async () => {
    expect(await send({ body: Buffer.from('x') })).toBe('InvalidMessageContents');
  });

  it.each([
    ['a-b_c.D9', 'v', 'ok'],
    ['x'.repeat(256), 'v', 'ok'],
    ['x'.repeat(257), 'v', 'InvalidParameterValue'],
    ['', 'v', 'InvalidParameterValue'],
    ['.a', 'v', 'InvalidParameterValue'],
    ['a.', 'v', 'InvalidParameterValue'],
    ['a..b', 'v', 'InvalidParameterValue'],
    ['AWS.a', 'v', 'InvalidParameterValue'],
    ['amazon.a', 'v', 'InvalidParameterValue'],
    ['awsome', 'v', 'ok'],
    ['a b', 'v', 'InvalidParameterValue'],
    ['ä', 'v', 'InvalidParameterValue'],
    ['a', '', 'InvalidParameterValue'],
    ['a', '\0', 'InvalidParameterValue'],
  ])('applies the attribute rules of SQS to %j = %j', async (name, value, expected) => {
    expect(await send({ body: 'x', attributes: { [name]: value } })).toBe(expected);
  });

  it.each([
    [10, 'ok'],
    [11, 'InvalidParameterValue'],
  ])('applies the limit of 10 attributes to %d attributes', async (count, expected) => {
    const attributes = Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, 'v']));
    expect(await send({ body: 'x', attributes })).toBe(expected);
  });

  it.each([
    ['the body alone', { body: 'x'.repeat(2048) }, 'ok'],
    ['one byte more', { body: 'x'.repeat(2049) }, 'InvalidParameterValue'],
    ['two bytes each', { body: 'ä'.repeat(1024) }, 'ok'],
    ['two bytes each, one more', { body: `${'ä'.repeat(1024)}x` }, 'InvalidParameterValue'],
    // 'ab' + 'String' + 'cde' = 11 bytes.
    ['with an attribute', { body: 'x'.repeat(2037), attributes: { ab: 'cde' } }, 'ok'],
    ['with an attribute, one more', { body: 'x'.repeat(2038), attributes: { ab: 'cde' } }, 'InvalidParameterValue'],
  ])('applies the size limit to a message: %s', async (_, message, expected) => {
    expect(await send(message, { limits: { messageBytes: 2048 } })).toBe(expected);
  });

  it('refuses a batch over 1 MiB as a whole', async () => {
    const queue = createMemoryQueue();
    const half = { body: 'x'.repeat(MiB / 2) };
    expect(await queue.send([half, half])).toMatchObject([{ ok: true }, { ok: true }]);
    await expect(queue.send([half, half, { body: 'x' }])).rejects.toMatchObject({
      code: 'BatchRequestTooLong',
      kind: 'too-large',
    });
    expect(queue.depth()).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
  });

  it.each<[string, WireMessage, MemoryQueueOptions, string]>([
    ['a group on a standard queue', { body: 'x', groupId: 'g' }, {}, 'ok'],
    ['a deduplication id on a standard queue', { body: 'x', deduplicationId: 'd' }, {}, 'InvalidParameterValue'],
    ['the longest delay', { body: 'x', delaySeconds: 900 }, {}, 'ok'],
    ['a longer delay', { body: 'x', delaySeconds: 901 }, {}, 'InvalidParameterValue'],
    ['a delay of half a second', { body: 'x', delaySeconds: 0.5 }, {}, 'InvalidParameterValue'],
    ['a FIFO message with both ids', { body: 'x', groupId: 'g', deduplicationId: 'd' }, { fifo: true }, 'ok'],
    ['a FIFO message without a group', { body: 'x', deduplicationId: 'd' }, { fifo: true }, 'MissingParameter'],
    ['a FIFO message without a deduplication id', { body: 'x', groupId: 'g' }, { fifo: true }, 'InvalidParameterValue'],
    [
      'a FIFO message with deduplication by content',
      { body: 'x', groupId: 'g' },
      { fifo: true, contentBasedDeduplication: true },
      'ok',
    ],
    [
      'a FIFO message with a delay',
      { body: 'x', groupId: 'g', deduplicationId: 'd', delaySeconds: 1 },
      { fifo: true },
      'InvalidParameterValue',
    ],
    ['a group of 128 characters', { body: 'x', groupId: 'g'.repeat(128) }, {}, 'ok'],
    ['a group of 129 characters', { body: 'x', groupId: 'g'.repeat(129) }, {}, 'InvalidParameterValue'],
    ['a group with a space', { body: 'x', groupId: 'g g' }, {}, 'InvalidParameterValue'],
  ])('applies the send rules of SQS to %s', async (_, message, options, expected) => {
    expect(await send(message, options)).toBe(expected);
  });

  it.each([
    [{ max: 0 }, 'max must be 1 to 10'],
    [{ max: 11 }, 'max must be 1 to 10'],
    [{ waitSeconds: 21 }, 'waitSeconds must be 0 to 20'],
    [{ waitSeconds: -1 }, 'waitSeconds must be 0 to 20'],
    [{ visibilityTimeoutSeconds: 43_201 }, 'visibilityTimeoutSeconds must be 0 to 43200'],
  ])('refuses a receive with %j', async (wrong, reason) => {
    const receive = createMemoryQueue().receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30, ...wrong });
    await expect(receive).rejects.toThrow(
      `InvalidParameterValue: the queue "memory" refused the request: ${reason}. Correct the request before sending it again.`,
    );
  });
});
