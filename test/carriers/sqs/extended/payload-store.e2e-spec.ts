import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqsQueue, type LargePayloadOptions, type Queue, type SqsQueueOptions } from 'nestjs-sqs-thrift/port';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';

const MIB = 1_048_576;

let sqs: EmbeddedSqs;
let queues = 0;
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
  await sqs.createBucket('bodies');
});
afterAll(() => sqs.stop());

/** A queue of its own, whose large bodies are in the bucket `bodies` under the queue's name. */
async function open(options: Partial<LargePayloadOptions> = {}, more: Partial<SqsQueueOptions> = {}): Promise<Queue> {
  const { endpoint, region, credentials } = sqs;
  const queue = more.queue ?? `large-${(queues += 1)}`;
  if (more.queue === undefined) await sqs.createQueue(queue);
  const largePayloads = { bucket: 'bodies', endpoint, prefix: `${queue}/`, ...options };
  return openSqsQueue({ endpoint, region, credentials, largePayloads, ...more, queue });
}

const receive = (queue: Queue) => queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
const objectsOf = async (queue: Queue): Promise<readonly string[]> =>
  (await sqs.listObjects('bodies')).filter((key) => key.startsWith(`${queue.name}/`));

describe('a queue with large payloads in S3', () => {
  it('stores, delivers and deletes a body of 3 MiB', async () => {
    const queue = await open();
    const body = 'ä'.repeat(1.5 * MIB);
    expect(await queue.send([{ body, attributes: { a: '1' } }, { body: 'small' }])).toMatchObject([
      { ok: true },
      { ok: true },
    ]);
    expect(await objectsOf(queue)).toHaveLength(1);
    const received = [...(await receive(queue))].sort((a, b) => b.body.length - a.body.length);
    expect(received.map((message) => message.body === body || message.body)).toEqual([true, 'small']);
    expect({ ...received[0]!.attributes }).toEqual({ a: '1' });
    expect(await queue.acknowledge(received)).toEqual([{ ok: true }, { ok: true }]);
    await queue.close();
    expect(await objectsOf(queue)).toEqual([]);
  });

  it('keeps a body in S3 when deletePayloads is false', async () => {
    const queue = await open({ threshold: 0, deletePayloads: false, reservedAttribute: 'SQSLargePayloadSize' });
    await queue.send([{ body: 'tiny' }]);
    const received = await receive(queue);
    expect(received.map(({ body }) => body)).toEqual(['tiny']);
    await queue.acknowledge(received);
    await queue.close();
    expect(await objectsOf(queue)).toHaveLength(1);
  });

  it('rejects a message whose body is missing or larger than maxBytes', async () => {
    const queue = await open({ threshold: 0 });
    await queue.send([{ body: 'x'.repeat(100) }]);
    const narrow = await open({ threshold: 0, maxBytes: 99 }, { queue: queue.name });
    expect(await receive(narrow)).toMatchObject([{ defect: { reason: 'too-large' } }]);
    await narrow.close();

    const [key] = await objectsOf(queue);
    await fetch(`${sqs.endpoint}/bodies/${key}`, { method: 'DELETE' });
    const other = await open({ threshold: 0 });
    await other.send([{ body: 'y' }]);
    const [gone] = await objectsOf(other);
    await fetch(`${sqs.endpoint}/bodies/${gone}`, { method: 'DELETE' });
    expect(await receive(other)).toMatchObject([{ defect: { reason: 'bad-envelope' } }]);
    await queue.close();
    await other.close();
  });

  it('fails only the large message when the bucket does not exist', async () => {
    const queue = await open({ bucket: 'nowhere' });
    const [large, small] = await queue.send([{ body: 'x'.repeat(2 * MIB) }, { body: 'small' }]);
    expect(small).toMatchObject({ ok: true });
    expect(large).toMatchObject({
      ok: false,
      error: {
        code: 'NoSuchBucket',
        retryable: false,
        message: expect.stringContaining('bucket "nowhere"') as unknown,
      },
    });
    await queue.close();
  });

  it('aborts the requests for bodies when the queue is closed', async () => {
    // An S3 that stores every body and sends only half of it.
    const s3 = createServer((request, response) => {
      request.resume();
      if (request.method === 'PUT') return void response.end();
      response.writeHead(200, { 'Content-Length': 2 }).write('x');
      s3.emit('half-sent', response);
    }).listen(0, '127.0.0.1');
    await once(s3, 'listening');
    const endpoint = `http://127.0.0.1:${(s3.address() as AddressInfo).port}`;
    const queue = await open({ threshold: 0, endpoint });
    await queue.send([{ body: 'xy' }]);
    const halfSent = once(s3, 'half-sent');
    const receiving = receive(queue);
    const [response] = (await halfSent) as [ServerResponse];
    const cut = once(response, 'close');
    await queue.close();
    await cut;
    expect(await receiving).toMatchObject([{ fault: { code: 'RequestAborted', retryable: true } }]);
    s3.close();
  });
});
