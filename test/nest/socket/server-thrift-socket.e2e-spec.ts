import { afterEach, describe, expect, it } from '@jest/globals';
import { RejectEventException, RetryEventException } from 'nestjs-sqs-thrift';
import type { MessageSender } from 'nestjs-sqs-thrift/port';
import {
  type ClientThriftSocketOptions,
  ServerThriftSocket,
  type SocketPeer,
  THRIFT_SOCKET,
} from 'nestjs-sqs-thrift/socket';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { connect } from 'node:net';
import { once } from 'node:events';
import { firstValueFrom } from 'rxjs';
import { closeAll, Jobs, TestLog } from '../harness.js';
import { job, startSocketJobs } from './harness.js';

afterEach(closeAll);

describe('ServerThriftSocket and ClientThriftSocket', () => {
  it.each<Partial<ClientThriftSocketOptions>>([
    {},
    { framed: false },
    { protocol: 'compact' },
    { protocol: 'json', framed: false },
  ])('carry calls to handlers with %o', async (options) => {
    const handled: number[] = [];
    const bench = await startSocketJobs((id, context) => {
      handled.push(id);
      expect(context.getMessage<SocketPeer>().remoteAddress).toBe('127.0.0.1');
    });
    const client = bench.client(options);
    for (let id = 1; id <= 50; id++) await firstValueFrom(client.emit('run', job(id)));
    await bench.untilSettled(50);
    expect(handled.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    expect(bench.server.transportId).toBe(THRIFT_SOCKET);
  });

  it('run a failed call again in memory, with a higher receive count', async () => {
    const counts: number[] = [];
    const bench = await startSocketJobs((_, context) => {
      counts.push(context.getReceiveCount());
      if (counts.length < 3) throw new RetryEventException(0);
    });
    bench.client().emit('run', job(1));
    const settled = await bench.untilSettled(3);
    expect(counts).toEqual([1, 2, 3]);
    expect(settled.map(({ outcome }) => outcome)).toEqual(['retry', 'retry', 'ack']);
  });

  it('reject a call that has failed five times, and log that it is removed', async () => {
    const log = new TestLog();
    const bench = await startSocketJobs(
      () => {
        throw new RetryEventException(0);
      },
      {},
      log,
    );
    bench.client().emit('run', job(1));
    const settled = await bench.untilSettled(5);
    expect(settled.at(-1)).toMatchObject({ outcome: 'reject', reason: 'too-many-receives', fate: 'removed' });
    expect(log.text()).toMatch(/error: run .* is rejected, too-many-receives.*REMOVED/);
  });

  it('copy a rejected call with its reason to a dead-letter queue of another carrier', async () => {
    const deadLetters = createMemoryQueue({ name: 'dead' });
    const opened: string[] = [];
    const bench = await startSocketJobs(
      () => {
        throw new RejectEventException('not this one');
      },
      {
        poisonPolicy: 'dead-letter',
        deadLetterQueue: async (): Promise<MessageSender> => {
          opened.push('once');
          return deadLetters;
        },
      },
    );
    bench.client().emit('run', job(1));
    const [settled] = await bench.untilSettled(1);
    expect(settled).toMatchObject({ outcome: 'reject', reason: 'handler-rejected', fate: 'dead-lettered' });
    const [letter] = deadLetters.messages();
    expect(JSON.parse(letter!.attributes['thrift-dead-letter']!)).toMatchObject({ reason: 'handler-rejected' });
    expect(Buffer.from(letter!.body, 'base64').includes('run')).toBe(true);
    expect(opened).toEqual(['once']);
  });

  it('know their address once they listen', async () => {
    expect(new ServerThriftSocket({ service: Jobs }).address).toBeUndefined();
    const { server } = await startSocketJobs(() => undefined);
    expect(server.address).toEqual({ address: '127.0.0.1', family: 'IPv4', port: expect.any(Number) });
  });

  it('leave a sender open that the application gave as dead-letter queue', async () => {
    const deadLetterQueue = createMemoryQueue({ name: 'dead' });
    const bench = await startSocketJobs(() => undefined, { poisonPolicy: 'dead-letter', deadLetterQueue });
    await bench.app.close();
    expect(await deadLetterQueue.send([{ body: 'open' }])).toMatchObject([{ ok: true }]);
  });

  it('give a frame that is no call to the poison policy, and serve the connection on', async () => {
    const bench = await startSocketJobs(() => undefined);
    const { port } = bench.server.address!;
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    const client = bench.client();
    // A frame of four bytes.
    socket.write(Buffer.from('0000000441414141', 'hex'));
    await bench.untilSettled(1);
    expect(bench.settled[0]).toMatchObject({ outcome: 'reject', reason: 'unknown-protocol' });
    expect(socket.closed).toBe(false);
    socket.destroy();
    await firstValueFrom(client.emit('run', job(1)));
    await bench.untilSettled(2);
    expect(bench.settled[1]).toMatchObject({ outcome: 'ack' });
  });

  it('handle everything that was accepted before app.close() resolves, under load', async () => {
    const handled = new Set<number>();
    const bench = await startSocketJobs(
      async (id) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        handled.add(id);
      },
      { concurrency: 5, stopGraceMs: 200 },
    );
    const client = bench.client({ deliveryTimeoutMs: 300 });
    const taken: number[] = [];
    const emits = Array.from({ length: 400 }, (_, id) =>
      firstValueFrom(client.emit('run', job(id))).then(
        () => taken.push(id),
        () => undefined,
      ),
    );
    await bench.untilSettled(20);
    await bench.app.close();
    await Promise.all(emits);
    expect(taken.length).toBeGreaterThan(20);
    expect(taken.filter((id) => !handled.has(id))).toEqual([]);
  });

  it('log who was refused with the address of the peer, ten times in ten seconds at most', async () => {
    const log = new TestLog();
    const bench = await startSocketJobs(() => undefined, {}, log);
    const { port } = bench.server.address!;
    for (let at = 0; at < 15; at++) {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      socket.resume().write('GET / HTTP/1.1\r\n\r\n');
      await once(socket, 'close');
    }
    const lines = log.lines.filter((line) => /refused the connection from 127\.0\.0\.1:\d+: it speaks HTTP/.test(line));
    expect(lines).toHaveLength(10);
  });
});

describe('ClientThriftSocket', () => {
  it('fails an emit within deliveryTimeoutMs while its server is away, and is down', async () => {
    const bench = await startSocketJobs(() => undefined);
    const client = bench.client({ deliveryTimeoutMs: 200 });
    const states: string[] = [];
    client.status.subscribe((status) => states.push(status));
    await firstValueFrom(client.emit('run', job(1)));
    await bench.app.close();
    await expect(firstValueFrom(client.emit('run', job(2)))).rejects.toMatchObject({ kind: 'network' });
    expect(states.at(-1)).toBe('down');
  });

  it('rejects connect() while no server is there', async () => {
    const bench = await startSocketJobs(() => undefined);
    const client = bench.client({ maxAttempts: 1 });
    await bench.app.close();
    await expect(client.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
