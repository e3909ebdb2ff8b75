import { describe, expect, it } from '@jest/globals';
import { messageBytes } from '../../lib/queue/wire-message.js';

describe('messageBytes', () => {
  it.each([
    ['text', { body: 'abcd' }, 4],
    ['text beyond ASCII', { body: 'ä€😀' }, 2 + 3 + 4],
    ['bytes', { body: new Uint8Array(7) }, 7],
    ['an attribute: name, String, value', { body: 'abcd', attributes: { name: 'value' } }, 4 + 4 + 6 + 5],
    ['an attribute beyond ASCII', { body: '', attributes: { n: '€' } }, 1 + 6 + 3],
    ['several attributes', { body: 'x', attributes: { a: '1', bb: '22' } }, 1 + (1 + 6 + 1) + (2 + 6 + 2)],
  ])('counts the size of %s', (_, message, bytes) => {
    expect(messageBytes(message)).toBe(bytes);
  });
});
