import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { CarrierNotice } from '#lib/queue/carrier-notice.js';
import { HttpInbox } from '#lib/carriers/http/http-inbox.js';
import { HttpSender } from '#lib/carriers/http/http-sender.js';
import { ask, BODY, RawConnection, startReceiver, takeOne } from './requests.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const pem = (name: string): Buffer => readFileSync(join('test', 'carriers', 'http', 'fixtures', `${name}.pem`));
const serverTls = { cert: pem('server'), key: pem('server-key') };

/** Starts a server, and returns a promise of the next fault it reports. */
async function start(
  options: Parameters<typeof startReceiver>[0] = {},
): Promise<{ receiver: HttpInbox; port: number; fault: Promise<CarrierNotice> }> {
  let report!: (fault: CarrierNotice) => void;
  const fault = new Promise<CarrierNotice>((resolve) => (report = resolve));
  const started = await startReceiver(options, { report });
  open.push(started.receiver);
  return { ...started, fault };
}

describe('the server of HttpInbox', () => {
  it.each<[what: string, bytes: Buffer, text: string]>([
    [
      'a frame of TFramedTransport',
      Buffer.concat([Buffer.of(0, 0, 0, BODY.length), BODY]),
      'sends Thrift messages without HTTP, as over a socket',
    ],
    ['a message of the compact protocol', Buffer.from('8281000372756e00', 'hex'), 'sends Thrift messages without HTTP'],
    ['other bytes', Buffer.from('AAAA\r\n\r\n'), 'does not speak HTTP'],
  ])('names the mistake of a client that sends %s, and serves the next client', async (_what, bytes, text) => {
    const { port, fault } = await start();
    const raw = new RawConnection(port);
    raw.write(bytes);
    const answer = await raw.untilClosed();
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer).toContain(text);
    expect(await fault).toMatchObject({
      level: 'warn',
      text: expect.stringContaining(`http:/thrift: a client at 127.0.0.1 ${text}`),
    });
    expect((await ask(port)).status).toBe(200);
  });

  it('names the mistake of a client that speaks TLS to the plain port', async () => {
    const { port, fault } = await start();
    const client = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => client.once('error', resolve));
    expect((await fault).text).toContain('speaks TLS to the plain HTTP port');
    expect((await ask(port)).status).toBe(200);
  });

  it('names the mistake of a client that speaks plain HTTP to the TLS port, and serves clients with TLS', async () => {
    const { receiver, port, fault } = await start({ tlsOptions: serverTls });
    await expect(ask(port)).rejects.toThrow();
    expect((await fault).text).toContain('speaks plain HTTP to the TLS port');
    const sender = new HttpSender({ url: `https://localhost:${port}/thrift`, tlsOptions: { ca: serverTls.cert } });
    open.push(sender);
    expect(await sender.send([{ body: BODY }])).toEqual([{ ok: true, id: (await takeOne(receiver)).id }]);
  });

  it('serves only clients with a certificate that it trusts, if the TLS options say so', async () => {
    const { port, fault } = await start({
      tlsOptions: { ...serverTls, ca: pem('client'), requestCert: true, rejectUnauthorized: true },
    });
    const url = `https://localhost:${port}/thrift`;
    const unknown = new HttpSender({ url, tlsOptions: { ca: serverTls.cert } });
    const known = new HttpSender({
      url,
      tlsOptions: { ca: serverTls.cert, cert: pem('client'), key: pem('client-key') },
    });
    open.push(unknown, known);
    await expect(unknown.send([{ body: BODY }])).rejects.toMatchObject({ kind: 'network' });
    expect((await fault).text).toContain('failed to agree on TLS');
    expect(await known.send([{ body: BODY }])).toEqual([{ ok: true, id: expect.any(String) }]);
  });

  it('answers 408 to headers that do not arrive in time', async () => {
    const { port } = await start({ requestTimeoutMs: 100 });
    const raw = new RawConnection(port);
    raw.write('POST /thrift HTTP/1.1\r\nhost');
    expect(await raw.untilClosed()).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
  });

  it('answers 431 to headers that are too large', async () => {
    const { port } = await start();
    expect((await ask(port, { headers: { long: 'x'.repeat(20_000) } })).status).toBe(431);
  });

  it('refuses connections beyond maxConnections, and reports it', async () => {
    const { port, fault } = await start({ maxConnections: 1 });
    const raw = new RawConnection(port);
    raw.write(
      'POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: 900\r\nexpect: 100-continue\r\n\r\n',
    );
    await raw.until('100 Continue');
    await expect(ask(port)).rejects.toThrow();
    expect((await fault).text).toBe('http:/thrift refused a connection: 1 are open (maxConnections)');
    raw.destroy();
  });

  it('keeps idle connections for 72 seconds, longer than clients do', async () => {
    const { port } = await start();
    const raw = new RawConnection(port);
    raw.write('GET /thrift HTTP/1.1\r\nhost: x\r\n\r\n');
    expect((await raw.until('\r\n\r\n')).toLowerCase()).toContain('keep-alive: timeout=72');
    raw.destroy();
  });

  it('reports failures after its start, such as of an accept, and serves on', async () => {
    const create = jest.spyOn(http, 'createServer');
    const { port, fault } = await start();
    const server = create.mock.results[0]!.value as http.Server;
    create.mockRestore();
    server.emit('error', new Error('accept EMFILE'));
    expect(() => server.emit('error', new Error('accept EMFILE'))).not.toThrow();
    expect(await fault).toEqual({
      kind: 'server',
      level: 'error',
      text: 'the server of http:/thrift failed: accept EMFILE',
    });
    expect((await ask(port)).status).toBe(200);
  });

  it('says which port is taken', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    open.push(other);
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as net.AddressInfo;
    const receiver = new HttpInbox({ port, host: '127.0.0.1', path: '/thrift' });
    await expect(receiver.listen()).rejects.toMatchObject({
      code: 'EADDRINUSE',
      kind: 'invalid',
      message: expect.stringContaining(`http:/thrift cannot listen at 127.0.0.1:${port}`),
    });
    await receiver.close();
  });
});
