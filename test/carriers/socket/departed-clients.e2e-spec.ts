import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { SocketPeer } from '#lib/carriers/socket/server-connection.js';
import { Bench, closed } from './harness.js';
import { framed, run } from './thrift-bytes.js';

/** Sends three calls, receives the first, and resets the connection. Resolves once the server knows. */
async function departed(bench: Bench): Promise<{ readonly first: Awaited<ReturnType<Bench['take']>> }> {
  const client = await bench.connect();
  client.write(Buffer.concat([framed(run(1)), framed(run(2)), framed(run(3))]));
  const first = await bench.receiver.receive({ max: 1, waitSeconds: 20, visibilityTimeoutSeconds: 0 });
  const { socket } = first[0]!.raw as SocketPeer;
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  client.resetAndDestroy();
  await gone;
  return { first };
}

function sizeOf(bench: Bench): number {
  return (bench.receiver as unknown as { readonly size: number }).size;
}

describe('a socket server whose client resets its connection while the inbox is full', () => {
  it('holds no more than maxMessages, and handles later what it has read', async () => {
    const bench = await Bench.open({ maxMessages: 1 });
    const { first } = await departed(bench);
    expect(sizeOf(bench)).toBe(1);
    await bench.receiver.acknowledge(first);
    expect(await bench.numbers(2)).toEqual([2, 3]);
  });

  it('counts the client among the open connections until the inbox has room', async () => {
    const bench = await Bench.open({ maxMessages: 1, maxConnections: 1 });
    const { first } = await departed(bench);
    const refused: Socket = await bench.connect();
    await closed(refused);
    expect(await bench.notice('full')).toMatchObject({ text: expect.stringContaining('maxConnections') });
    await bench.receiver.acknowledge(first);
    await bench.take(2);
    (await bench.connect()).write(framed(run(4)));
    expect(await bench.numbers(1)).toEqual([4]);
  });

  it('keeps what it has read when it stops', async () => {
    const bench = await Bench.open({ maxMessages: 1, stopGraceMs: 0 });
    const { first } = await departed(bench);
    const drained = bench.receiver.drain!();
    await bench.receiver.acknowledge(first);
    expect(await bench.numbers(2)).toEqual([2, 3]);
    await drained;
  });
});
