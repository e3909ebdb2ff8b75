import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import type { CarrierNotice } from '#lib/queue/carrier-notice.js';
import { openSocketSender, type OpenSocketSenderOptions } from '#lib/carriers/socket/socket-sender.js';
import type { MessageSender, SendResult } from '#lib/queue/queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { closeLater } from './harness.js';
import { framed, numberOf, run } from './thrift-bytes.js';

/** A server that knows nothing of Thrift, and records what it reads. */
class Recorder {
  readonly sockets: Socket[] = [];
  readonly chunks: Buffer[] = [];
  private readonly waiting: (() => void)[] = [];

  private constructor(
    readonly server: Server,
    private readonly reads: boolean,
  ) {
    server.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('error', () => undefined);
      if (this.reads) socket.on('data', (chunk: Buffer) => this.chunks.push(chunk));
      if (this.reads) socket.on('data', () => this.wake());
      this.wake();
    });
  }

  static async listen(port = 0, reads = true): Promise<Recorder> {
    const server = createServer({ pauseOnConnect: !reads });
    const recorder = new Recorder(server, reads);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    closeLater(() => recorder.close());
    return recorder;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private wake(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}

async function open(port: number, options: OpenSocketSenderOptions = {}): Promise<MessageSender> {
  const sender = await openSocketSender({ host: '127.0.0.1', port, ...options });
  closeLater(() => sender.close());
  return sender;
}

function send(sender: MessageSender, ...numbers: readonly number[]): Promise<readonly SendResult[]> {
  return sender.send(numbers.map((n) => ({ body: run(n) })));
}

describe('a socket sender', () => {
  it.each([
    [true, Buffer.concat([framed(run(1)), framed(run(2)), framed(run(3))])],
    [false, Buffer.concat([run(1), run(2), run(3)])],
  ])('writes one call after another with framed: %s', async (isFramed, expected) => {
    const recorder = await Recorder.listen();
    const sender = await open(recorder.port, { framed: isFramed });
    const results = [...(await send(sender, 1, 2)), ...(await send(sender, 3))];
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    await recorder.until(() => recorder.bytes.length >= expected.length);
    expect(recorder.bytes).toEqual(expected);
    expect(recorder.sockets).toHaveLength(1);
  });

  it('lets TCP ask an idle connection, so that nothing between forgets it', async () => {
    const setKeepAlive = jest.spyOn(Socket.prototype, 'setKeepAlive');
    const recorder = await Recorder.listen();
    await open(recorder.port);
    const calls = [...setKeepAlive.mock.calls];
    setKeepAlive.mockRestore();
    expect(calls).toEqual([[true, 60_000]]);
  });

  it('notices that the server has closed the connection before it writes, and connects again', async () => {
    const recorder = await Recorder.listen();
    const sender = await open(recorder.port);
    for (let n = 1; n <= 20; n++) {
      await recorder.until(() => recorder.sockets.length === n);
      const socket = recorder.sockets.at(-1)!;
      socket.end();
      // The close has left the server, so it reaches the sender before anything that follows.
      await once(socket, 'finish');
      expect(await send(sender, n)).toMatchObject([{ ok: true }]);
      const least = n * framed(run(1)).length;
      await recorder.until(() => recorder.bytes.length >= least);
    }
    expect(recorder.bytes).toEqual(Buffer.concat(Array.from({ length: 20 }, (_, at) => framed(run(at + 1)))));
  });

  it('fails a call while no server is there, and sends the next call when there is one', async () => {
    const first = await Recorder.listen();
    const { port } = first;
    const sender = await open(port);
    await first.until(() => first.sockets.length === 1);
    await first.close();
    const refused = await send(sender, 1).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ECONNREFUSED', kind: 'network', retryable: true });
    const second = await Recorder.listen(port);
    await send(sender, 2);
    await second.until(() => second.bytes.length > 0);
    expect(second.bytes).toEqual(framed(run(2)));
  });

  it('rejects its opening when no server is there, and says what to check', async () => {
    const recorder = await Recorder.listen();
    const { port } = recorder;
    await recorder.close();
    await expect(open(port)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: expect.stringContaining('Check host and port'),
    });
  });

  it('gives up a write that a server without reads does not let the kernel take', async () => {
    const recorder = await Recorder.listen(0, false);
    const clock = new VirtualClock();
    const sender = await open(recorder.port, { clock, writeTimeoutMs: 3_000 });
    const body = Buffer.alloc(16_000_000, run(1));
    const sends = Array.from({ length: 4 }, () => sender.send([{ body }]));
    const errors = sends.map((sending) =>
      sending.then(
        () => 'taken',
        (error: { code: string }) => error.code,
      ),
    );
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(3_000);
    const results = await Promise.all(errors);
    expect(results).toContain('WriteTimeout');
    expect(new Set(results).size).toBeLessThanOrEqual(2);
    expect(clock.pending).toBe(0);
  });

  it('gives up an attempt to connect after connectTimeoutMs', async () => {
    const clock = new VirtualClock();
    const recorder = await Recorder.listen();
    // The server has no TLS, so a handshake never ends.
    const opening = open(recorder.port, { clock, tlsOptions: {}, connectTimeoutMs: 700 }).catch(
      (error: unknown) => error,
    );
    await recorder.until(() => recorder.bytes.length > 0);
    await clock.advance(700);
    expect(await opening).toMatchObject({ code: 'ConnectTimeout', kind: 'network' });
  });

  it('reports a server that answers oneway calls, and reads the answers', async () => {
    const recorder = await Recorder.listen();
    const notices: CarrierNotice[] = [];
    const reported = new Promise<void>((resolve) => {
      const report = (notice: CarrierNotice): void => void (notices.push(notice), resolve());
      void open(recorder.port, { report }).then((sender) => send(sender, 1));
    });
    await recorder.until(() => recorder.bytes.length > 0);
    recorder.sockets[0]!.write(Buffer.alloc(40));
    await reported;
    expect(notices).toMatchObject([{ level: 'warn', text: expect.stringContaining('answers oneway calls') }]);
  });

  it.each([
    ['text', { body: 'text' }],
    ['no bytes', { body: Buffer.alloc(0) }],
    ['attributes', { body: run(1), attributes: { a: 'b' } }],
    ['a delay', { body: run(1), delaySeconds: 1 }],
    ['too many bytes', { body: Buffer.alloc(101) }],
  ])('refuses a message with %s, and sends the messages beside it', async (_, message) => {
    const recorder = await Recorder.listen();
    const sender = await open(recorder.port, { maxFrameBytes: 100 });
    const [bad, good] = await sender.send([message, { body: run(2) }]);
    expect([bad, good]).toMatchObject([
      { ok: false, error: { kind: 'invalid', code: 'InvalidMessage' } },
      { ok: true },
    ]);
    await recorder.until(() => recorder.bytes.length > 0);
    expect(recorder.bytes).toEqual(framed(run(2)));
  });

  it('ends each call either as failed or as taken while its server restarts again and again', async () => {
    let recorder = await Recorder.listen();
    const { port } = recorder;
    const sender = await open(port);
    const ends = new Map<number, 'taken' | 'failed'>();
    let begun = 0;
    let isOver = false;
    const emitting = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const n = (begun += 1);
        const [result] = await send(sender, n).catch(() => [{ ok: false }]);
        expect(ends.has(n)).toBe(false);
        ends.set(n, result!.ok ? 'taken' : 'failed');
      }
    });
    const until = async (end: 'taken' | 'failed', since: number): Promise<void> => {
      while (![...ends].some(([n, got]) => n > since && got === end)) await new Promise((go) => setImmediate(go));
    };
    const numbers: number[] = [];
    for (let restart = 0; restart < 5; restart++) {
      await until('taken', begun);
      await recorder.close();
      await until('failed', begun);
      numbers.push(...numbersOf(recorder));
      recorder = await Recorder.listen(port);
    }
    await until('taken', begun);
    isOver = true;
    await Promise.all(emitting);
    expect(ends.size).toBe(begun);
    // A call that is reported as failed may have arrived. No call arrives twice, since the sender never repeats a call.
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

/** The calls that a server has read whole. */
function numbersOf({ bytes }: Recorder): number[] {
  const length = framed(run(1)).length;
  return Array.from({ length: Math.floor(bytes.length / length) }, (_, at) =>
    numberOf(bytes.subarray(at * length + 4, (at + 1) * length)),
  );
}
