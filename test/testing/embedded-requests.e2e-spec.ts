import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ClientSqsThrift, SqsThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { openSqsQueue } from 'nestjs-sqs-thrift/port';
import { type EmbeddedMessage, type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';

const Jobs = findService(loadSchemaFromText('service Jobs { oneway void run(1: string id) }'), 'Jobs');

let sqs: EmbeddedSqs | undefined;
afterEach(() => sqs?.stop());

/** Sends a form that publishes, as a page of any site can. */
function post(endpoint: string, headers: Readonly<Record<string, string>>): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const type = 'application/x-www-form-urlencoded';
    const sent = request(endpoint, { method: 'POST', headers: { 'content-type': type, ...headers } }, (answer) => {
      text(answer).then((body) => resolve([answer.statusCode, body]), reject);
    });
    sent.on('error', reject).end('Action=ListTopics&Version=2010-03-31');
  });
}

async function start(onSend: (message: EmbeddedMessage) => unknown): Promise<EmbeddedSqs> {
  sqs = await startEmbeddedSqs({ onSend });
  await sqs.createQueue('jobs');
  await sqs.createQueue('jobs.fifo');
  return sqs;
}

const access = ({ endpoint, region, credentials }: EmbeddedSqs) => ({ endpoint, region, credentials });

describe('the embedded SQS and web pages', () => {
  it.each<[string, Record<string, string>]>([
    ['with an origin', { origin: 'https://example.com' }],
    ['by another name of this machine', { host: 'rebound.example.com' }],
  ])('refuses a request %s', async (_, headers) => {
    const { endpoint } = await start(() => undefined);
    const [status, text] = await post(endpoint, headers);
    expect([status, text]).toEqual([403, expect.stringContaining('takes no requests of web pages')]);
  });

  it('takes a request by a name of the queue URLs', async () => {
    const { endpoint } = await start(() => undefined);
    expect((await post(endpoint, { host: `sqs.us-east-1.localhost:${new URL(endpoint).port}` }))[0]).toBe(200);
  });
});

describe('the option onSend of the embedded SQS', () => {
  it('shows each stored entry of a batch, and no other', async () => {
    const seen: EmbeddedMessage[] = [];
    const queue = await openSqsQueue({ ...access(await start((message) => seen.push(message))), queue: 'jobs' });
    const [first, second, third] = await queue.send([{ body: 'a' }, { body: '\u0000' }, { body: 'c' }]);
    expect([first!.ok, second!.ok, third!.ok]).toEqual([true, false, true]);
    const stored = [first, third].map((result) => (result!.ok ? result!.id : ''));
    expect(seen).toEqual([
      { queue: 'jobs', id: stored[0], body: 'a' },
      { queue: 'jobs', id: stored[1], body: 'c' },
    ]);
    await queue.close();
  });

  it('shows a message of a FIFO queue once, with its group, however often it is sent', async () => {
    const seen: EmbeddedMessage[] = [];
    const client = new ClientSqsThrift({
      ...access(await start((message) => seen.push(message))),
      queue: 'jobs.fifo',
      service: Jobs,
    });
    const record = new SqsThriftRecordBuilder({ id: '1' }).setGroupId('g').setDeduplicationId('once').build();
    for (let time = 0; time < 3; time += 1) await lastValueFrom(client.emit('run', record));
    expect(seen).toMatchObject([{ queue: 'jobs.fifo', groupId: 'g' }]);
    await client.close();
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no room');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no room'))],
  ])('that %s causes a warning, and no second message', async (_, fail) => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const queue = await openSqsQueue({ ...access(await start(fail)), queue: 'jobs' });
    expect(await queue.send([{ body: 'a' }])).toMatchObject([{ ok: true }]);
    const receive = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };
    expect(await queue.receive(receive)).toHaveLength(1);
    const warning = 'onSend failed for a message of "jobs": "no room"';
    expect(warn.mock.calls).toEqual([[warning, 'EmbeddedSqsWarning']]);
    warn.mockRestore();
    await queue.close();
  });
});
