import type http from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { CarrierNotice } from '#lib/queue/carrier-notice.js';
import { ask, RawConnection, startReceiver, type TestReceiver } from './requests.js';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(...given: Parameters<typeof startReceiver>): Promise<TestReceiver> {
  const started = await startReceiver(...given);
  open.push(started.receiver);
  return started;
}

describe('the option authorize of HttpInbox', () => {
  it('answers 500 and reports the reason if the check of credentials fails', async () => {
    const faults: CarrierNotice[] = [];
    const authorize = (): never => {
      throw new Error('no database');
    };
    const { port } = await start({ authorize }, { report: (fault) => faults.push(fault) });
    expect(await ask(port)).toMatchObject({ status: 500, text: 'the server failed; its log says why\n' });
    expect(faults).toEqual([
      { kind: 'failed-request', level: 'error', text: 'http:/thrift failed to answer a request: no database' },
    ]);
  });

  it('answers 500 if the check of credentials rejects without an error', async () => {
    const faults: CarrierNotice[] = [];
    const authorize = (): Promise<never> => Promise.reject();
    const { port } = await start({ authorize }, { report: (fault) => faults.push(fault) });
    expect((await ask(port)).status).toBe(500);
    expect(faults).toMatchObject([{ text: 'http:/thrift failed to answer a request: "undefined"' }]);
  });

  it('frees the memory for a body whose client goes away while its credentials are checked', async () => {
    let began!: (request: http.IncomingMessage) => void;
    const checked = new Promise<http.IncomingMessage>((resolve) => (began = resolve));
    let allow!: (allowed: boolean) => void;
    const allowed = new Promise<boolean>((resolve) => (allow = resolve));
    const authorize = (request: http.IncomingMessage): boolean | Promise<boolean> => {
      if (request.headers['content-length'] !== '990') return true;
      began(request);
      return allowed;
    };
    const { port } = await start({ authorize, maxBytes: 1_000 });
    const raw = new RawConnection(port);
    raw.write('POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: 990\r\n\r\n');
    const request = await checked;
    const gone = new Promise((resolve) => request.once('close', resolve));
    raw.destroy();
    await gone;
    allow(true);
    expect((await ask(port)).status).toBe(200);
  });
});
