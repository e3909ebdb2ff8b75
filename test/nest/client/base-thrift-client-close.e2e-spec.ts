import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BufferFullError, QueueError, type TransportEvent } from 'nestjs-sqs-thrift';
import type { Queue } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { Jobs, TestClient, TestLog } from '../harness.js';

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

const log = new TestLog();
beforeEach(() => {
  log.lines.length = 0;
  Logger.overrideLogger(log);
});

/** Creates a client whose queue opens when the test calls `open`. */
function opening(options: ConstructorParameters<typeof TestClient>[1] = {}) {
  const queue = createMemoryQueue();
  let open = (): void => undefined;
  const opened = new Promise<Queue>((resolve) => (open = () => resolve(queue)));
  const client = new TestClient(() => opened, options);
  const failed: TransportEvent[] = [];
  client.on('emit-failed', (event) => failed.push(event));
  return { client, queue, failed, open: () => open() };
}

const fail = (message: string): never => {
  throw new Error(message);
};

const job = (id: number) => ({ job: { id } });

describe('a call emitted before close()', () => {
  it('stores a call emitted before close() while the queue is still opening', async () => {
    const { client, queue, open } = opening();
    const emitted = lastValueFrom(client.emit<string>('run', job(1)));
    client.emit('run', job(2));
    const closed = client.close();
    open();
    await closed;
    expect(await emitted).toMatch(/-/);
    expect(queue.messages()).toHaveLength(2);
  });

  it('stores a call emitted before close() on an open queue', async () => {
    const { client, queue, open } = opening();
    open();
    await client.connect();
    client.emit('run', job(1));
    await client.close();
    expect(queue.messages()).toHaveLength(1);
  });

  it('stores a call emitted before close() when the queue opens at the second attempt', async () => {
    const queue = createMemoryQueue();
    let tries = 0;
    const client = new TestClient(() => {
      tries += 1;
      if (tries > 1) return Promise.resolve(queue);
      return Promise.reject(new QueueError('not yet', { code: 'Scripted', kind: 'service', queue: 'memory' }));
    });
    const emitted = lastValueFrom(client.emit<string>('run', job(1)));
    await client.close();
    expect(await emitted).toBe(queue.messages()[0]!.id);
    expect(tries).toBe(2);
  });

  it('rejects and reports a call when the queue does not open within flushTimeoutMs', async () => {
    const { client, failed, open } = opening({ flushTimeoutMs: 10 });
    const emitted = lastValueFrom(client.emit('run', job(1)));
    const closed = client.close();
    // Neither waits for the opening.
    await expect(emitted).rejects.toMatchObject({ code: 'ClientClosed' });
    await closed;
    expect(failed).toHaveLength(1);
    open();
  });
});

describe('the send buffer', () => {
  it('refuses calls beyond the send buffer while the queue opens', async () => {
    const { client, queue, open } = opening({ buffer: { calls: 10 } });
    const emits = Array.from({ length: 50 }, (_, id) => lastValueFrom(client.emit('run', job(id))));
    const refused = await Promise.allSettled(emits.slice(10));
    expect(refused.every((one) => one.status === 'rejected' && one.reason instanceof BufferFullError)).toBe(true);
    open();
    await Promise.all(emits.slice(0, 10));
    expect(queue.messages()).toHaveLength(10);
    await client.close();
  });
});

describe('an emit with or without a subscriber', () => {
  it.each<[string, (client: TestClient) => unknown, RegExp]>([
    ['a pattern that names nothing', (client) => client.emit({ cmd: 'run' }, {}), /emit takes 'method' or/],
    ['arguments that do not fit', (client) => client.emit('run', { job: 1 }), /run\.job/],
    ['an unknown method', (client) => client.emit('rnu\nFAKE', {}), /rnu\\u000aFAKE was not stored/],
    [
      'a stub with too many arguments',
      (client) => void client.getService(Jobs)['stop']!(1, 'a', 'b'),
      /stop takes 2 arguments/,
    ],
    [
      'a dispatch hook that throws',
      (client) => {
        Object.assign(client, { onDispatchHook: () => fail('no tracer') });
        client.emit('run', job(1));
      },
      /run was not stored by the queue: no tracer/,
    ],
    ['a closed client', (client) => client.close().then(() => client.emit('run', job(1))), /is closed/],
  ])('logs and reports a failed emit once: %s', async (_name, emit, line) => {
    const { client, failed, open } = opening();
    open();
    await emit(client);
    await new Promise((resolve) => setImmediate(resolve));
    expect(failed).toHaveLength(1);
    expect(log.lines).toHaveLength(1);
    expect(log.text()).toMatch(line);
    expect(unhandled).toEqual([]);
    await client.close();
  });

  it('accepts an emit without arguments or with null', async () => {
    const { client, queue, open } = opening();
    open();
    await lastValueFrom(client.emit('ping'));
    await lastValueFrom(client.emit('ping', null));
    expect(queue.messages()).toHaveLength(2);
    await client.close();
  });

  it('encodes the arguments of a call at the time of emit', async () => {
    const { client, queue, open } = opening();
    const args = job(1);
    const first = lastValueFrom(client.emit('run', args));
    args.job.id = 2;
    const second = lastValueFrom(client.emit('run', args));
    open();
    await Promise.all([first, second]);
    expect(new Set(queue.messages().map(({ body }) => body)).size).toBe(2);
    await client.close();
  });
});
