import { describe, expect, it } from '@jest/globals';
import { ByteQueue } from '#lib/carriers/socket/byte-queue.js';

describe('a ByteQueue', () => {
  it.each([1, 7, 1_000])('copies each byte at most four times when it arrives in chunks of %d', (size) => {
    const queue = new ByteQueue();
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at * 7));
    for (let at = 0; at < bytes.length; at += size) queue.append(bytes.subarray(at, at + size));
    expect(queue.take(bytes.length).equals(bytes)).toBe(true);
    expect(queue.copied).toBeLessThan(4 * bytes.length);
    expect(queue.length).toBe(0);
  });

  it('returns parts across chunks in order', () => {
    const queue = new ByteQueue();
    for (const text of ['ab', 'cde', 'f']) queue.append(Buffer.from(text));
    expect([queue.take(1), queue.take(3), queue.take(2)].map(String)).toEqual(['a', 'bcd', 'ef']);
  });

  it('does not keep a large chunk for a small part of it', () => {
    const queue = new ByteQueue();
    const chunk = Buffer.alloc(65_536);
    queue.append(chunk);
    const part = queue.take(10);
    queue.drop(65_000);
    // Small copies lie in the pool of Node.
    expect([part.buffer === chunk.buffer, queue.bytes.buffer === chunk.buffer]).toEqual([false, false]);
  });

  it('leaves what it has returned unchanged when more bytes arrive', () => {
    const queue = new ByteQueue();
    for (let at = 0; at < 3_000; at++) queue.append(Buffer.from([at % 251]));
    const part = queue.take(2_000);
    const copy = Buffer.from(part);
    for (let at = 0; at < 3_000; at++) queue.append(Buffer.from([255]));
    expect(part.equals(copy)).toBe(true);
  });
});
