import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { BadEnvelope } from '../../../../lib/carriers/sqs/sns/signature.js';
import { fetchText } from '../../../../lib/carriers/sqs/sns/certificates.js';
import { type HttpServer, startHttpServer } from '../../../fakes/http-server.js';

let server: HttpServer;
afterEach(() => server.close());

async function fetchFrom(listener: RequestListener, signal = new AbortController().signal): Promise<string> {
  server = await startHttpServer(listener);
  return fetchText(`${server.endpoint}/x.pem`, signal);
}

describe('fetchText', () => {
  it('returns a text of 64 KiB', async () => {
    const text = 'ü'.repeat(32_768);
    expect(await fetchFrom((_, response) => response.end(text))).toBe(text);
  });

  it('refuses more than 64 KiB without waiting for the end', async () => {
    const endless: RequestListener = (_, response) => {
      const write = (): boolean => response.write('x'.repeat(16_384), () => response.destroyed || write());
      write();
    };
    await expect(fetchFrom(endless)).rejects.toThrow('SNS answered more than 65536 bytes');
  });

  it.each([204, 400, 408, 429, 500, 503])('fails with a plain error on status %d', async (status) => {
    const fetching = fetchFrom((_, response) => response.writeHead(status).end());
    await expect(fetching).rejects.toMatchObject({ name: 'Error', message: `SNS answered HTTP ${status}` });
  });

  it.each([403, 404, 410])('fails with a BadEnvelope error on status %d', async (status) => {
    const fetching = fetchFrom((_, response) => response.writeHead(status).end());
    await expect(fetching).rejects.toThrow(BadEnvelope);
  });

  it.each([301, 302, 307, 308])('follows no redirect with status %d', async (status) => {
    const asked: string[] = [];
    const elsewhere: RequestListener = (request, response) => {
      asked.push(request.url!);
      response.writeHead(status, { location: '/elsewhere.pem' }).end();
    };
    await expect(fetchFrom(elsewhere)).rejects.toThrow('fetch failed');
    expect(asked).toEqual(['/x.pem']);
  });

  it('rejects when the signal aborts', async () => {
    const controller = new AbortController();
    const silent: RequestListener = () => controller.abort();
    await expect(fetchFrom(silent, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
