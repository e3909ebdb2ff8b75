import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { RECEIVE_LIMIT } from '#lib/carriers/sqs/answer-limit.js';
import { type HttpConnections, post } from '#lib/carriers/sqs/lean/http-exchange.js';
import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import { credentials } from '../open-fake.js';

const MiB = 1_048_576;
const request = { path: '/', headers: {}, body: '', limit: RECEIVE_LIMIT };

/** Connections whose answer has `chunks` times a MiB. */
function answering(chunks: number): HttpConnections {
  return {
    dispatch(_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
      let failure: Error | undefined;
      const controller = { abort: (error: Error) => (failure = error) } as unknown as Dispatcher.DispatchController;
      handler.onResponseStart!(controller, 200, {}, '');
      const chunk = Buffer.alloc(MiB, 0x20);
      for (let count = 0; count < chunks && failure === undefined; count++) handler.onResponseData!(controller, chunk);
      if (failure === undefined) handler.onResponseEnd!(controller, {});
      else handler.onResponseError!(controller, failure);
      return true;
    },
    destroy: () => Promise.resolve(),
  } as unknown as HttpConnections;
}

let server: Server | undefined;
afterEach(() => void server?.close());

/** Starts a service whose answers to receives have a date and the status 403. Returns its endpoint. */
async function startDated(dates: string[], signedAt: (string | undefined)[]): Promise<string> {
  server = createServer(({ headers }, response) => {
    if (headers['x-amz-target'] !== 'AmazonSQS.ReceiveMessage') {
      response.end(JSON.stringify({ QueueUrl: 'http://sqs.invalid/1/q', Attributes: {} }));
      return;
    }
    signedAt.push(headers['x-amz-date'] as string | undefined);
    response.writeHead(403, { date: dates.shift() ?? 'none' }).end('{}');
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the lean data path', () => {
  it('takes an answer of 64 MiB, and no more', async () => {
    const { signal } = new AbortController();
    expect((await post(answering(64), request, signal)).text).toHaveLength(64 * MiB);
    await expect(post(answering(10_000), request, signal)).rejects.toThrow('the answer has more than 67108864 bytes');
  });

  it.each(['Sat, 13 Sep 275760 00:00:00 GMT', 'Thu, 01 Jan 1000 00:00:00 GMT'])(
    'does not set its clock to %s, a date that no signature can have',
    async (date) => {
      const signedAt: (string | undefined)[] = [];
      const endpoint = await startDated([date], signedAt);
      const queue = await openSqsQueue({
        queue: 'q',
        endpoint,
        region: 'eu-west-1',
        credentials,
        dataPath: 'lean',
        client: { maxAttempts: 1 },
      });
      const receive = { max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 };
      for (let time = 0; time < 2; time++) await expect(queue.receive(receive)).rejects.toThrow('Http403');
      await queue.close();
      const year = String(new Date().getUTCFullYear());
      expect(signedAt.map((at) => at?.slice(0, 4))).toEqual([year, year]);
    },
  );
});
