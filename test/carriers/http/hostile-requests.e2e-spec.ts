import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { CarrierNotice } from '#lib/queue/carrier-notice.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { ask, BODY, RawConnection, startReceiver, take } from './requests.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const start: typeof startReceiver = async (options, parts) => {
  const started = await startReceiver(options, parts);
  open.push(started.receiver);
  return started;
};

/** Opens a connection that has announced a body, and that the server reads. */
async function announced(port: number, length: number): Promise<RawConnection> {
  const raw = new RawConnection(port);
  raw.write(
    `POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: ${length}\r\nexpect: 100-continue\r\n\r\n`,
  );
  await raw.until('100 Continue');
  open.push({ close: () => raw.destroy() });
  return raw;
}

describe('HttpInbox', () => {
  it('serves others while clients announce bodies and send nothing', async () => {
    const { port } = await start({ maxBytes: 1_000 });
    for (let client = 0; client < 5; client++) await announced(port, 900);
    expect((await ask(port, { body: Buffer.alloc(200, 1) })).status).toBe(200);
  });

  it('refuses the largest body that is being read, once all of them exceed maxBytes', async () => {
    const { receiver, port } = await start({ maxBytes: 1_000, maxBodyBytes: 10_000 });
    const large = await announced(port, 900);
    const small = await announced(port, 400);
    large.write(Buffer.alloc(800, 1));
    small.write(Buffer.alloc(300, 1));
    expect(await large.until('too many bodies are being read')).toContain('503 Service Unavailable');
    small.write(Buffer.alloc(100, 1));
    await small.until('200 OK');
    await receiver.acknowledge(await take(receiver));
    expect((await ask(port, { body: Buffer.alloc(5_000, 1) })).status).toBe(200);
  });

  it('counts the headers that a message keeps as bytes of maxBytes', async () => {
    const { port } = await start({ maxBytes: 10_000 });
    const headers = { 'x-large': 'h'.repeat(9_990) };
    expect((await ask(port, { headers })).status).toBe(200);
    expect(await ask(port)).toMatchObject({ status: 503, text: expect.stringContaining('too many messages wait') });
  });

  it('stops at once although a client went away while its access was checked', async () => {
    let seen!: (request: IncomingMessage) => void;
    const request = new Promise<IncomingMessage>((resolve) => (seen = resolve));
    let allow!: (allowed: boolean) => void;
    const allowed = new Promise<boolean>((resolve) => (allow = resolve));
    const authorize = (checked: IncomingMessage): Promise<boolean> => (seen(checked), allowed);
    const { receiver, port } = await start({ authorize }, { clock: new VirtualClock() });
    const raw = new RawConnection(port);
    raw.write(
      'POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: 20\r\n\r\nhalf',
    );
    const checked = await request;
    const gone = new Promise<void>((resolve) => checked.once('close', () => resolve()));
    raw.destroy();
    await gone;
    allow(true);
    // The clock stands still, so that the time for bodies would never end.
    expect(await receiver.drain()).toBeUndefined();
  });

  it('answers 501 to a body in a transfer coding beside chunked', async () => {
    const { receiver, port } = await start();
    const raw = new RawConnection(port);
    raw.write(
      'POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ntransfer-encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
    );
    expect(await raw.until('send chunked alone')).toMatch(/^HTTP\/1.1 501 /);
    expect(receiver.size).toBe(0);
    raw.destroy();
  });

  it('reports failures of its server, and goes on', async () => {
    const notices: CarrierNotice[] = [];
    let server!: Server;
    const authorize = ({ socket }: IncomingMessage): boolean => {
      ({ server } = socket as unknown as { readonly server: Server });
      return true;
    };
    const { port } = await start({ authorize }, { report: (notice) => notices.push(notice) });
    await ask(port);
    for (let failure = 0; failure < 2; failure++) server.emit('error', new Error('accept ENOMEM'));
    expect((await ask(port, { body: BODY })).status).toBe(200);
    const notice = { kind: 'server', level: 'error', text: 'the server of http:/thrift failed: accept ENOMEM' };
    expect(notices).toEqual([notice, notice]);
  });
});
