import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { RefusedRequest } from '#lib/carriers/http/refusal.js';
import { RequestBodies } from '#lib/carriers/http/request-bodies.js';
import { systemClock } from '#lib/queue/clock.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const CHUNK = 64 * 1024;

describe('the bodies of requests', () => {
  it.each<[end: string, chunks: number, ends: boolean]>([
    ['was read', 4, true],
    ['is refused', 5, false],
  ])('free their chunks when the body %s, though its request stays', async (_, chunks, ends) => {
    const bodies = new RequestBodies({
      clock: systemClock,
      maxBodyBytes: 4 * CHUNK,
      maxReadingBytes: 8 * CHUNK,
      requestTimeoutMs: 60_000,
    });
    const request = new PassThrough();
    const read = bodies.read(request as unknown as IncomingMessage).then(
      (body) => body.length,
      (error: unknown) => error instanceof RefusedRequest,
    );
    const memory = await pushAll(request, chunks);
    if (ends) request.end();
    expect(await read).toBe(ends ? 4 * CHUNK : true);
    // Weak references hold what they point to until the turn of the event loop ends.
    await new Promise(setImmediate);
    collectGarbage();
    const kept = memory.slice(0, 4).map((chunk) => chunk.deref() !== undefined);
    expect(kept).toEqual([false, false, false, false]);
    expect(request.listenerCount('data')).toBe(1);
    request.destroy();
  });
});

/** Sends chunks. Returns weak references to their memory. */
async function pushAll(request: PassThrough, count: number): Promise<WeakRef<ArrayBufferLike>[]> {
  const memory: WeakRef<ArrayBufferLike>[] = [];
  for (let i = 0; i < count; i++) {
    const chunk = Buffer.alloc(CHUNK);
    memory.push(new WeakRef(chunk.buffer));
    await new Promise<void>((resolve) => void request.write(chunk, () => resolve()));
  }
  return memory;
}
