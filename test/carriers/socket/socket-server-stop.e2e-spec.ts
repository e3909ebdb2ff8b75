import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { Bench, closed, write } from './harness.js';
import { framed, run } from './thrift-bytes.js';

describe('a socket server that stops', () => {
  it('reads on for stopGraceMs while it stops, and tells its clients', async () => {
    const clock = new VirtualClock();
    const bench = await Bench.open({ clock, stopGraceMs: 1_000 });
    // This client goes on after the close of the server, as those of Apache do.
    const socket = await bench.connect({ allowHalfOpen: true });
    await write(socket, framed(run(1)));
    await bench.take(1);
    socket.resume();
    let isDrained = false;
    const drained = bench.receiver.drain!().then(() => (isDrained = true));
    await once(socket, 'end');
    await write(socket, framed(run(2)));
    expect(await bench.numbers(1)).toEqual([2]);
    await clock.advance(999);
    expect(isDrained).toBe(false);
    await clock.advance(1);
    await drained;
  });

  it('stops at once when its clients close after they were told', async () => {
    const bench = await Bench.open({ clock: new VirtualClock(), stopGraceMs: 1_000 });
    const socket = await bench.connect();
    socket.resume();
    await bench.receiver.drain!();
    await closed(socket);
  });

  it('keeps what has arrived when it stops, although the inbox is full', async () => {
    const bench = await Bench.open({ maxMessages: 1, stopGraceMs: 0 });
    const socket = await bench.connect();
    await write(socket, Buffer.concat([framed(run(1)), framed(run(2)), framed(run(3))]));
    const inbox = bench.receiver as unknown as { readonly size: number };
    while (inbox.size === 0) await new Promise((resolve) => setImmediate(resolve));
    const drained = bench.receiver.drain!();
    await closed(socket);
    expect(await bench.numbers(3)).toEqual([1, 2, 3]);
    await drained;
  });

  it('says how many messages are lost when it closes with messages', async () => {
    const bench = await Bench.open();
    await write(await bench.connect(), Buffer.concat([framed(run(1)), framed(run(2))]));
    const inbox = bench.receiver as unknown as { readonly size: number };
    while (inbox.size < 2) await new Promise((resolve) => setImmediate(resolve));
    await bench.receiver.close();
    expect(bench.notices).toMatchObject([
      { kind: 'left', level: 'error', text: expect.stringContaining('2 messages') },
    ]);
  });

  it('counts messages as lost that it had read, and not pushed because the inbox was full', async () => {
    const bench = await Bench.open({ maxMessages: 1 });
    await write(await bench.connect(), Buffer.concat([framed(run(1)), framed(run(2)), framed(run(3))]));
    const inbox = bench.receiver as unknown as { readonly size: number };
    while (inbox.size === 0) await new Promise((resolve) => setImmediate(resolve));
    await bench.receiver.close();
    expect(bench.notices).toMatchObject([
      { kind: 'left', level: 'error', text: expect.stringContaining('3 messages') },
    ]);
    expect(inbox.size).toBe(0);
  });

  it('says that its stop has cut off a message', async () => {
    const bench = await Bench.open();
    const socket = await bench.connect({ allowHalfOpen: true });
    const { localPort } = socket;
    await write(socket, Buffer.concat([framed(run(1)), framed(run(2)).subarray(0, 10)]));
    expect(await bench.numbers(1)).toEqual([1]);
    await bench.receiver.drain!();
    const text = `the stop closed the connection from 127.0.0.1:${localPort} after 10 bytes of a message; its call is lost`;
    expect(bench.notices).toEqual([{ kind: 'cut off', level: 'warn', text }]);
  });
});
