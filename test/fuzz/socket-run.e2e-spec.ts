import { describe, expect, it } from '@jest/globals';
import { fuzzReaders, fuzzServer } from './socket-run.js';

/** `npm run fuzz:socket` runs as many as asked, with any seed. */
const SEED = 20_261_129;

describe('random and changed byte streams', () => {
  it('are read or refused by the reader of a connection, and intact ones are read whole', () => {
    const { messages, refused, faults } = fuzzReaders(20_000, SEED);
    expect(faults).toEqual([]);
    expect(messages).toBeGreaterThan(10_000);
    expect(refused.size).toBeGreaterThanOrEqual(4);
  });

  it('leave a server ready for the next connection', async () => {
    const { messages, faults } = await fuzzServer(300, SEED);
    expect(faults).toEqual([]);
    expect(messages).toBeGreaterThan(100);
  });
});
