import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seededRandom } from '../sqs/fault-schedules.js';
import { startFaultProxy, type FaultProxy } from './fault-proxy.js';
import { openQueue, receiveNow } from '../sqs/open-queue.js';
import { startSqsFake } from '../sqs/sqs-fake.js';

/** Collects the bytes that a client has received so far. */
interface Client {
  readonly socket: Socket;
  readonly chunks: Buffer[];
  /** Resolves when this many bytes have come. */
  got(bytes: number): Promise<Buffer>;
  /** Resolves with how the connection ended: an error's code, or `end`. */
  readonly ended: Promise<string>;
}

let echo: Server;
/** The server's ends of its connections, in the order they came. */
let served: Socket[];
let proxy: FaultProxy;
beforeEach(async () => {
  served = [];
  // As an HTTP server, it answers what still comes after the client's end.
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    served.push(socket);
    socket.on('error', () => undefined).pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startFaultProxy({ target: (echo.address() as AddressInfo).port });
});
afterEach(async () => {
  await proxy.stop();
  await new Promise((resolve) => echo.close(resolve));
  expect(proxy.connections).toBe(0);
});

async function client(): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port: proxy.port, noDelay: true });
  const chunks: Buffer[] = [];
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    socket.on('close', () => resolve('end'));
  });
  const got = async (bytes: number): Promise<Buffer> => {
    while (Buffer.concat(chunks).length < bytes) await once(socket, 'data');
    return Buffer.concat(chunks);
  };
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const outcome = await Promise.race([once(socket, 'connect').then(() => 'open'), ended]);
  if (outcome !== 'open') throw new Error(outcome);
  return { socket, chunks, got, ended };
}

async function exchange(one: Client, text: string): Promise<string> {
  one.chunks.length = 0;
  one.socket.write(text);
  return (await one.got(text.length)).toString();
}

/** A connection that has carried bytes both ways. */
async function used(): Promise<Client> {
  const one = await client();
  expect(await exchange(one, 'hello')).toBe('hello');
  return one;
}

describe('the fault proxy', () => {
  it('forwards bytes and connection ends in both directions', async () => {
    const one = await used();
    expect([proxy.connections, proxy.accepted]).toEqual([1, 1]);
    const large = 'x'.repeat(3_000_000);
    expect(await exchange(one, large)).toBe(large);
    one.socket.end();
    expect(await one.ended).toBe('end');
  });

  it('resets and refuses connections in mode down until mode up', async () => {
    const one = await used();
    await proxy.set({ kind: 'down' });
    expect(await one.ended).toBe('ECONNRESET');
    await expect(client()).rejects.toThrow('ECONNREFUSED');
    await proxy.set({ kind: 'up' });
    await used();
  });

  it('drops all bytes in mode blackHole and keeps affected connections dead afterwards', async () => {
    const [idle, leaving, busy] = [await used(), await used(), await used()];
    await proxy.set({ kind: 'blackHole' });
    const fresh = await client();
    for (const { socket } of [busy, fresh]) socket.write('lost');
    leaving.socket.destroy();
    await leaving.ended;
    served[0]!.write('from the server');
    const serverEnd = served[1]!;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(serverEnd.readableEnded).toBe(false);
    const gone = new Promise((resolve) => serverEnd.once('close', resolve));
    await proxy.set({ kind: 'up' });
    await gone;
    const alive = await used();
    expect(await exchange(alive, 'round')).toBe('round');
    busy.socket.write('still lost');
    await exchange(alive, 'trip');
    expect([busy, fresh].map(({ chunks }) => Buffer.concat(chunks).toString())).toEqual(['hello', '']);
    expect(idle.chunks.join('')).toBe('hello');
  });

  it('keeps a connection alive that was silent in mode blackHole', async () => {
    const one = await used();
    await proxy.set({ kind: 'blackHole' });
    await proxy.set({ kind: 'up' });
    expect(await exchange(one, 'again')).toBe('again');
  });

  it('delays each direction in order in mode latency and flushes in mode up', async () => {
    const one = await used();
    await proxy.set({ kind: 'latency', ms: 60, jitterMs: 20, random: seededRandom(1) });
    const started = performance.now();
    one.chunks.length = 0;
    for (const text of ['a', 'b', 'c']) one.socket.write(text);
    expect((await one.got(3)).toString()).toBe('abc');
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);
    await proxy.set({ kind: 'latency', ms: 3_600_000 });
    const held = exchange(one, 'held');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(one.chunks).toEqual([]);
    await proxy.set({ kind: 'up' });
    expect(await held).toBe('held');
  });

  it('limits the throughput in mode bandwidth', async () => {
    const one = await used();
    await proxy.set({ kind: 'bandwidth', bytesPerSecond: 5000 });
    const started = performance.now();
    expect(await exchange(one, 'x'.repeat(1500))).toHaveLength(1500);
    expect(performance.now() - started).toBeGreaterThanOrEqual(250);
  });

  it('delivers single bytes in mode slice', async () => {
    const one = await used();
    await proxy.set({ kind: 'slice', bytes: 1 });
    const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(4);
    expect(await exchange(one, text)).toBe(text);
    expect(one.chunks.length).toBeGreaterThan(text.length / 4);
  });

  it.each([
    [0, 'request', 0, ''],
    [2, 'request', 2, 'he'],
    [2, 'answer', 5, 'he'],
  ] as const)(
    'resets after %i bytes of the %s and lets %i bytes reach the server',
    async (afterBytes, at, reach, got) => {
      await proxy.set({ kind: 'reset', probability: 1, random: seededRandom(1), at, afterBytes });
      const one = await client();
      one.socket.write('hello');
      expect(await one.ended).toBe('ECONNRESET');
      expect(Buffer.concat(one.chunks).toString()).toBe(at === 'answer' ? got : '');
      expect(served[0]?.bytesRead ?? 0).toBe(reach);
    },
  );

  it('resets some connections by probability and spares the other connections for good', async () => {
    await proxy.set({ kind: 'reset', probability: 0.5, random: seededRandom(1) });
    const outcomes: string[] = [];
    for (let at = 0; at < 40; at++) {
      const one = await client();
      const twice = exchange(one, 'a').then(() => exchange(one, 'b'));
      outcomes.push(await Promise.race([twice, one.ended]));
      one.socket.destroy();
    }
    expect(new Set(outcomes)).toEqual(new Set(['b', 'ECONNRESET']));
    const resets = outcomes.filter((outcome) => outcome !== 'b').length;
    expect(resets).toBeGreaterThan(10);
    expect(resets).toBeLessThan(30);
  });

  it('resets a spared connection on a later request when each request draws anew', async () => {
    const one = await used();
    const draws = [0.9, 0.9, 0.1];
    await proxy.set({ kind: 'reset', probability: 0.5, random: () => draws.shift() ?? 1, per: 'request' });
    expect(await exchange(one, 'one')).toBe('one');
    expect(await exchange(one, 'two')).toBe('two');
    one.socket.write('three');
    expect(await one.ended).toBe('ECONNRESET');
    expect(draws).toEqual([]);
  });

  it('ends a connection after its byte limit in the middle of an answer', async () => {
    await proxy.set({ kind: 'limitData', bytes: 7 });
    const one = await client();
    expect(await exchange(one, 'hello')).toBe('hello');
    one.chunks.length = 0;
    one.socket.write('world');
    expect(await one.ended).toBe('end');
    expect(one.chunks.join('')).toBe('wo');
  });
});

describe('a proxy in front of the fake', () => {
  it('loses the answer to a stored send and serves the same client again', async () => {
    const fake = await startSqsFake();
    fake.createQueue('q');
    const front = await startFaultProxy({ target: fake.endpoint });
    const queue = await openQueue(fake, 'q', { endpoint: front.endpoint, client: { maxAttempts: 1 } });
    await front.set({ kind: 'reset', probability: 1, random: seededRandom(1), at: 'answer' });
    await expect(queue.send([{ body: 'x' }])).rejects.toMatchObject({ kind: 'network' });
    await front.set({ kind: 'up' });
    expect(await receiveNow(queue)).toMatchObject([{ body: 'x' }]);
    await queue.close();
    await front.stop();
    await fake.stop();
  });
});
