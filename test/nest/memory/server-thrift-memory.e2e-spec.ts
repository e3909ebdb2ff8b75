import { afterEach, describe, expect, it } from '@jest/globals';
import { RejectEventException, RetryEventException } from 'nestjs-sqs-thrift';
import {
  ClientThriftMemory,
  createMemoryQueue,
  MemoryBroker,
  type MemoryQueue,
  ServerThriftMemory,
  type ServerThriftMemoryOptions,
  VirtualClock,
} from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater, Jobs } from '../harness.js';
import { job, startJobs, turns } from './harness.js';

afterEach(closeAll);

interface Pair {
  readonly server: ServerThriftMemory;
  readonly client: ClientThriftMemory;
}

function pair(options: Partial<ServerThriftMemoryOptions>): Pair {
  const { queue = 'jobs', broker } = options;
  const server = new ServerThriftMemory({ queue, service: Jobs, retry: { baseSeconds: 0 }, ...options });
  return { server, client: closeLater(new ClientThriftMemory({ queue, broker, service: Jobs })) };
}

describe('ServerThriftMemory', () => {
  it('handles what a client emits into the queue of the same name', async () => {
    const seen: number[] = [];
    const { server, client } = pair({ queue: 'jobs' });
    await startJobs(server, (id) => seen.push(id));
    await lastValueFrom(client.emit('run', job(1)));
    await server.idle();
    expect(seen).toEqual([1]);
  });

  it('handles what a client emits into the same queue object, whose messages a test can look at', async () => {
    const queue = createMemoryQueue();
    const { server, client } = pair({ queue });
    await lastValueFrom(client.emit('run', job(1)));
    expect(queue.depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    await startJobs(server, () => undefined);
    await server.untilEmpty();
    expect(server.unwrap<MemoryQueue>()).toBe(queue);
    expect(queue.messages()).toEqual([]);
  });

  it('receives from the queue that the contract names, without the option queue', async () => {
    expect(() => new ServerThriftMemory({ service: Jobs })).toThrow(
      'option queue is missing, and the contract names no queue; give the name of the queue to receive from',
    );
  });

  it('refuses an unknown option, and a dead-letter queue without its policy', () => {
    const options = { queue: 'jobs', service: Jobs };
    expect(() => new ServerThriftMemory({ ...options, concurency: 1 } as never)).toThrow(
      'ServerThriftMemory: unknown option concurency; did you mean concurrency?',
    );
    expect(() => new ServerThriftMemory({ ...options, deadLetterQueue: 'dead' })).toThrow(
      "option deadLetterQueue and poisonPolicy: 'dead-letter' need each other",
    );
  });

  it('handles nothing after close, and keeps its messages for a look', async () => {
    const queue = createMemoryQueue();
    const { server, client } = pair({ queue });
    const app = await startJobs(server, () => undefined);
    await app.close();
    await lastValueFrom(client.emit('run', job(1)));
    await turns();
    expect(server.unwrap<MemoryQueue>().messages()).toHaveLength(1);
  });
});

describe('idle', () => {
  it.each([
    ['one by one', {}],
    ['in shared bodies that linger', { pack: { lingerMs: 50 } }],
    ['in batches that linger', { lingerMs: 50 }],
  ])('waits for calls that were emitted and not awaited, %s', async (_, options) => {
    const seen: number[] = [];
    const server = new ServerThriftMemory({ queue: 'jobs', service: Jobs });
    const client = closeLater(new ClientThriftMemory({ queue: 'jobs', service: Jobs, ...options }));
    await startJobs(server, async (id) => {
      await turns();
      seen.push(id);
    });
    for (let id = 0; id < 3; id += 1) client.emit('run', job(id));
    await server.idle();
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 3 }, (_each, id) => id));
  });

  it('resolves after the listeners of the last settlement have run', async () => {
    const outcomes: string[] = [];
    const { server, client } = pair({});
    server.on('settled', ({ outcome }) => outcomes.push(outcome));
    await startJobs(server, () => undefined);
    client.emit('run', job(1));
    await server.idle();
    expect(outcomes).toEqual(['ack']);
  });

  it('does not wait for a retry, while untilEmpty does', async () => {
    const clock = new VirtualClock();
    const broker = new MemoryBroker({ clock });
    const seen: number[] = [];
    const { server, client } = pair({ broker });
    await startJobs(server, (id) => {
      if (seen.push(id) === 1) throw new RetryEventException(60);
    });
    client.emit('run', job(1));
    await server.idle();
    expect(seen).toEqual([1]);
    let isEmpty = false;
    const empty = server.untilEmpty().then(() => (isEmpty = true));
    await clock.advance(59_999);
    expect(isEmpty).toBe(false);
    await clock.advance(1);
    await empty;
    expect(seen).toEqual([1, 1]);
  });

  it('rejects before listen, after close, and when the strategy closes meanwhile', async () => {
    const { server, client } = pair({});
    await expect(server.idle()).rejects.toThrow('does not listen yet; await app.listen() before idle()');
    await expect(server.untilEmpty()).rejects.toThrow('await app.listen() before untilEmpty()');
    const app = await startJobs(server, () => {
      throw new RetryEventException(600);
    });
    await lastValueFrom(client.emit('run', job(1)));
    await server.idle();
    const empty = expect(server.untilEmpty()).rejects.toThrow('the strategy is closed, and does not settle the rest');
    await app.close();
    await empty;
    await expect(server.idle()).rejects.toThrow('the strategy is closed');
  });
});

describe('deadLetters', () => {
  const reject = (): never => {
    throw new RejectEventException('there is no such job');
  };

  it('shows rejected calls decoded, with the reason', async () => {
    const { server, client } = pair({ poisonPolicy: 'dead-letter', deadLetterQueue: 'jobs-dlq' });
    await startJobs(server, reject);
    client.emit('run', job(7));
    await server.idle();
    expect(server.deadLetters()).toMatchObject([
      {
        calls: [{ service: 'Jobs', method: 'run', args: { job: { id: 7 } } }],
        note: { reason: 'handler-rejected', detail: 'there is no such job', queue: 'jobs', receiveCount: 1, count: 1 },
      },
    ]);
  });

  it.each(['jobs', 'jobs.fifo'])('shows what the redrive policy of %s has moved', async (queue) => {
    const broker = new MemoryBroker();
    broker.createQueue(queue, { deadLetterQueue: true, maxReceiveCount: 2, contentBasedDeduplication: true });
    const { server, client } = pair({ broker, queue });
    await startJobs(server, () => {
      throw new Error('not today');
    });
    const group = queue.endsWith('.fifo') ? { groupId: 'g' } : {};
    await client.getService(Jobs, group)['run']!({ id: 7 });
    await server.untilEmpty();
    expect(server.deadLetters()).toMatchObject([
      { calls: [{ method: 'run', args: job(7) }], note: {}, receiveCount: 2 },
    ]);
  });

  it('shows a body that cannot be decoded, with the error', async () => {
    const { server } = pair({ poisonPolicy: 'dead-letter', deadLetterQueue: createMemoryQueue({ name: 'dead' }) });
    await startJobs(server, reject);
    await server.unwrap<MemoryQueue>().send([{ body: 'this is no thrift', attributes: { sender: 'x' } }]);
    await server.idle();
    const [letter, ...others] = server.deadLetters();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ calls: [], body: 'this is no thrift', note: { reason: 'not-base64' } });
    expect(letter!.attributes['sender']).toBe('x');
    expect(letter!.decodeError?.message).toMatch(/base64/);
  });

  it('names the ways to a dead-letter queue if there is none', async () => {
    const { server } = pair({});
    await startJobs(server, () => undefined);
    expect(() => server.deadLetters()).toThrow(/has no dead-letter queue; set poisonPolicy: 'dead-letter'/);
  });
});
