import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import type { SocketPeer } from '#lib/carriers/socket/connection.js';
import { openSocketSender, type OpenSocketSenderOptions } from '#lib/carriers/socket/socket-sender.js';
import type { MessageSender } from '#lib/queue/queue.js';
import { Bench, closed, closeLater } from './harness.js';
import { framed, run } from './thrift-bytes.js';

const read = (name: string): Buffer => readFileSync(`test/carriers/socket/fixtures/${name}.pem`);
const ca = read('ca');
const SERVER = { cert: read('server'), key: read('server.key'), ca };
const CLIENT = { cert: read('client'), key: read('client.key'), ca };

async function open(bench: Bench, options: OpenSocketSenderOptions): Promise<MessageSender> {
  const sender = await openSocketSender({ host: 'localhost', port: bench.port, ...options });
  closeLater(() => sender.close());
  return sender;
}

describe('sockets with TLS', () => {
  it('carry calls, and give handlers the certificate of the client', async () => {
    const bench = await Bench.open({ tlsOptions: { ...SERVER, requestCert: true } });
    const sender = await open(bench, { tlsOptions: CLIENT });
    expect(await sender.send([{ body: run(1) }])).toMatchObject([{ ok: true }]);
    const [message] = await bench.take(1);
    const { socket } = message!.raw as SocketPeer;
    expect((socket as TLSSocket).authorized).toBe(true);
    expect((socket as TLSSocket).getPeerCertificate().subject.CN).toBe('client');
  });

  it('tell a client that reads on about a stop, and read on', async () => {
    const bench = await Bench.open({ tlsOptions: SERVER, stopGraceMs: 60_000 });
    const sender = await open(bench, { tlsOptions: { ca } });
    await sender.send([{ body: run(1) }]);
    expect(await bench.numbers(1)).toEqual([1]);
    await bench.receiver.drain!();
  });

  it('refuse a client that does not trust the server, with an error that says what to check', async () => {
    const bench = await Bench.open({ tlsOptions: SERVER });
    await expect(open(bench, { tlsOptions: {} })).rejects.toMatchObject({
      kind: 'network',
      message: expect.stringMatching(/certificate|CERT/),
    });
  });

  it('refuse a client without a certificate where one is required, and serve the next', async () => {
    const bench = await Bench.open({ tlsOptions: { ...SERVER, requestCert: true, rejectUnauthorized: true } });
    await open(bench, { tlsOptions: { ca } }).catch(() => undefined);
    expect(await bench.notice('refused tls-handshake')).toMatchObject({
      text: expect.stringContaining('certificates'),
    });
    const sender = await open(bench, { tlsOptions: CLIENT });
    await sender.send([{ body: run(2) }]);
    expect(await bench.numbers(1)).toEqual([2]);
  });

  it('name a plain client on a TLS port, and serve the next', async () => {
    const bench = await Bench.open({ tlsOptions: SERVER });
    const socket = await bench.connect();
    socket.write(framed(run(1)));
    await closed(socket);
    expect(await bench.notice('refused tls-handshake')).toMatchObject({
      text: expect.stringContaining('it does not speak TLS'),
    });
    const sender = await open(bench, { tlsOptions: { ca } });
    await sender.send([{ body: run(2) }]);
    expect(await bench.numbers(1)).toEqual([2]);
  });

  it('name a TLS client on a plain port', async () => {
    const bench = await Bench.open();
    await expect(open(bench, { tlsOptions: { ca } })).rejects.toMatchObject({ kind: 'network' });
    expect(await bench.notice('refused tls')).toMatchObject({ text: expect.stringContaining('set tlsOptions here') });
  });

  it('end a handshake that is in progress when the server closes', async () => {
    const bench = await Bench.open({ tlsOptions: SERVER });
    const socket = await bench.connect();
    const ended = once(socket, 'close');
    await bench.receiver.close();
    await ended;
  });
});
