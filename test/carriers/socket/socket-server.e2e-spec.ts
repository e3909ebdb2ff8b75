import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { answerToCall } from '#lib/event/refused-call.js';
import { createEventCodec } from '#lib/event/event-codec.js';
import { decodeUntyped } from '#lib/thrift/untyped/decode-untyped.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { Bench, closed, write } from './harness.js';
import { framed, job, Jobs, PROTOCOLS, run } from './thrift-bytes.js';

const { contract } = createEventCodec([Jobs]);

/** Rewrites the type of a binary message from ONEWAY to CALL, and its method. */
function callOf(method: string, seqid: number): Buffer {
  const bytes = Buffer.from('80010001 00000000 00000000 00'.replaceAll(' ', ''), 'hex');
  const name = Buffer.from(method);
  bytes.writeInt32BE(name.length, 4);
  bytes.writeInt32BE(seqid, 8);
  return Buffer.concat([bytes.subarray(0, 8), name, bytes.subarray(8)]);
}

describe('a socket server', () => {
  it('reads every protocol with and without frames from connections of one port', async () => {
    const bench = await Bench.open();
    const streams = PROTOCOLS.flatMap((protocol) => [job('text', protocol), framed(job('text', protocol))]);
    for (const stream of streams) await write(await bench.connect(), stream);
    const bodies = (await bench.take(streams.length)).map(({ body }) =>
      Buffer.from(body as Uint8Array).toString('hex'),
    );
    const expected = PROTOCOLS.flatMap((protocol) => Array<string>(2).fill(job('text', protocol).toString('hex')));
    expect(bodies.sort()).toEqual(expected.sort());
    expect(bench.notices).toEqual([]);
  });

  it('reads two calls of one data event, and a call that arrives byte by byte', async () => {
    const bench = await Bench.open();
    const socket = await bench.connect();
    socket.setNoDelay(true);
    await write(socket, Buffer.concat([framed(run(1)), framed(run(2))]));
    for (const byte of framed(run(3))) await write(socket, Buffer.from([byte]));
    expect(await bench.numbers(3)).toEqual([1, 2, 3]);
  });

  it('gives handlers the address of the sender', async () => {
    const bench = await Bench.open();
    const socket = await bench.connect();
    await write(socket, framed(run(1)));
    const [message] = await bench.take(1);
    expect(message!.raw).toMatchObject({ remoteAddress: '127.0.0.1', remotePort: socket.localPort });
  });

  it('answers a call of a method with a result, with and without frames, and nothing else', async () => {
    const bench = await Bench.open({ answer: (message) => answerToCall(contract, message) });
    for (const frame of [framed, (bytes: Uint8Array) => bytes]) {
      const socket = await bench.connect();
      const stream = ['unknown', 'run', 'ask'].map((method, at) => frame(callOf(method, at)));
      const answer = once(socket, 'data') as Promise<[Buffer]>;
      await write(socket, Buffer.concat([...stream, frame(run(1))]));
      const [bytes] = await answer;
      const message = bytes.subarray(frame === framed ? 4 : 0);
      const [exception, ...others] = decodeUntyped(message);
      expect(exception).toMatchObject({ name: 'ask', type: 3, seqid: 2 });
      expect(others).toEqual([]);
      await bench.take(4);
      socket.end();
      expect((await closed(socket)).length).toBe(0);
    }
  });

  it('closes a connection whose client does not read the answers it asks for', async () => {
    const bench = await Bench.open({ answer: () => Buffer.alloc(1_000_000) });
    const socket = await bench.connect();
    socket.pause();
    const stream = Buffer.concat(Array(40).fill(framed(run(1))));
    await write(socket, stream);
    expect(await bench.notice('refused unread-answers')).toMatchObject({
      text: expect.stringContaining('reads no answer'),
    });
  });

  it('closes a connection that is silent in the middle of a message for incompleteMessageTimeout', async () => {
    const clock = new VirtualClock();
    const bench = await Bench.open({ clock });
    const socket = await bench.connect();
    const message = framed(run(1));
    await write(socket, Buffer.concat([message, message.subarray(0, 9)]));
    await bench.take(1);
    await clock.advance(29_999);
    expect(bench.notices).toEqual([]);
    await clock.advance(1);
    await closed(socket);
    expect(bench.notices).toMatchObject([
      { kind: 'refused incomplete', text: expect.stringMatching(/silent for 30000 ms.*after 9 bytes/) },
    ]);
  });

  it('leaves a connection alone that is silent between messages', async () => {
    const clock = new VirtualClock();
    const bench = await Bench.open({ clock });
    const socket = await bench.connect();
    await write(socket, framed(run(1)));
    await bench.take(1);
    await clock.advance(3_600_000);
    await write(socket, framed(run(2)));
    expect(await bench.numbers(1)).toEqual([2]);
  });

  it.each<[string, string, Buffer]>([
    ['HTTP', 'http', Buffer.from('POST / HTTP/1.1\r\nHost: a\r\n\r\n')],
    ['TLS', 'tls', Buffer.from('16030100f8010000f4', 'hex')],
    ['garbage', 'garbage', Buffer.from('AAAAAAAAAA')],
    ['a negative frame size', 'garbage', Buffer.from('ffffffff00', 'hex')],
    ['a frame size of 0x7fffffff', 'frame-length', Buffer.from('7fffffff00', 'hex')],
    ['THeader', 'theader', Buffer.from('000000290fff0000', 'hex')],
  ])('closes a connection with %s, names it with the peer, and serves the next', async (_, reason, bytes) => {
    const bench = await Bench.open();
    const socket = await bench.connect();
    const { localPort } = socket;
    await write(socket, bytes);
    expect((await closed(socket)).length).toBe(0);
    expect(bench.notices).toMatchObject([
      { kind: `refused ${reason}`, level: 'warn', text: expect.stringContaining(`127.0.0.1:${localPort}`) },
    ]);
    await write(await bench.connect(), framed(run(1)));
    expect(await bench.numbers(1)).toEqual([1]);
  });

  it('reports a connection that ends in the middle of a message, and keeps the messages before', async () => {
    const bench = await Bench.open();
    const socket = await bench.connect();
    socket.end(Buffer.concat([framed(run(1)), framed(run(2)).subarray(0, 10)]));
    expect(await bench.numbers(1)).toEqual([1]);
    expect(await bench.notice('cut off')).toMatchObject({ text: expect.stringContaining('after 10 bytes') });
  });

  it('serves a call among a thousand idle connections', async () => {
    const bench = await Bench.open();
    const idle: Socket[] = [];
    while (idle.length < 1_000) idle.push(...(await Promise.all(Array.from({ length: 100 }, () => bench.connect()))));
    await write(idle[500]!, framed(run(7)));
    expect(await bench.numbers(1)).toEqual([7]);
  });

  it('closes a connection beyond maxConnections, and serves the others', async () => {
    const bench = await Bench.open({ maxConnections: 1 });
    const first = await bench.connect();
    await write(first, framed(run(1)));
    await bench.take(1);
    await closed(await bench.connect());
    expect(await bench.notice('full')).toMatchObject({ text: expect.stringContaining('maxConnections') });
    await write(first, framed(run(2)));
    expect(await bench.numbers(1)).toEqual([2]);
  });

  it('stops reading while the inbox is full, and loses nothing once it has room', async () => {
    const bench = await Bench.open({ maxMessages: 10 });
    const sockets = await Promise.all(Array.from({ length: 3 }, () => bench.connect()));
    const count = 30_000;
    const stream = Buffer.concat(Array(count / 3).fill(framed(job('x'.repeat(100)))));
    const written = Promise.all(sockets.map((socket) => write(socket, stream)));
    const inbox = bench.receiver as unknown as { readonly size: number };
    let largest = 0;
    for (let taken = 0; taken < count; taken += 10) {
      await bench.take(10);
      largest = Math.max(largest, inbox.size);
    }
    await written;
    expect([largest <= 10, inbox.size]).toEqual([true, 0]);
  });

  it('closes the connection that holds the most when all together hold too much of messages that are not whole', async () => {
    const bench = await Bench.open({ maxFrameBytes: 1_000_000, maxBytes: 2_000_000 });
    const sockets = await Promise.all(Array.from({ length: 4 }, () => bench.connect()));
    for (const [at, socket] of sockets.entries()) {
      const length = Buffer.alloc(4);
      length.writeInt32BE(1_000_000);
      await write(socket, Buffer.concat([length, Buffer.alloc(at === 2 ? 700_000 : 500_000)]));
    }
    const { text } = await bench.notice('refused too-much-incomplete');
    expect(text).toContain('it holds the most');
    await closed(sockets[2]!);
  });

  it('names an address that is in use', async () => {
    const { port } = await Bench.open();
    await expect(Bench.open({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', kind: 'invalid' });
  });
});
