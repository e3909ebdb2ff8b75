import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { QueueError, BaseThriftServer, type BaseThriftServerOptions } from 'nestjs-sqs-thrift';
import type { Queue } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue, VirtualClock, type MemoryQueue } from 'nestjs-sqs-thrift/testing';
import { Jobs, TestLog } from '../harness.js';

const missing = new QueueError('there is no queue "jobs"', {
  code: 'QueueDoesNotExist',
  kind: 'missing-queue',
  queue: 'jobs',
});

/** A strategy whose queue is opened by script. */
class WaitingServer extends BaseThriftServer {
  readonly statuses: string[] = [];
  opened = 0;

  constructor(
    clock: VirtualClock,
    private readonly open: (time: number) => Promise<Queue> | Queue,
    private readonly openDead: () => Promise<Queue> | Queue,
    options: Partial<BaseThriftServerOptions> = {},
  ) {
    super({ service: Jobs, onQueueMissing: 'wait', ...options }, clock);
    this.status.subscribe((status) => this.statuses.push(status));
  }

  listening(): Promise<unknown> {
    return new Promise((resolve) => this.listen(resolve));
  }

  protected override async openQueue(): Promise<Queue> {
    this.opened += 1;
    return this.open(this.opened);
  }

  protected override async openDeadLetterQueue(): Promise<Queue> {
    return this.openDead();
  }
}

let log: TestLog;
beforeEach(() => {
  log = new TestLog();
  Logger.overrideLogger(log);
});

/** Returns the lines of the log about the queue. */
const lines = (): string[] => log.lines.filter((line) => !line.includes('handler'));

function never(): Queue {
  throw missing;
}

describe('a worker that waits for its queue', () => {
  it('starts without its queue, retries the opening every 1 to 30 s and goes up when the queue exists', async () => {
    const clock = new VirtualClock(0);
    const queue = createMemoryQueue({ name: 'jobs', clock });
    const server = new WaitingServer(clock, (time) => (time < 30 ? never() : queue), never);
    expect(await server.listening()).toBeUndefined();
    expect(server.statuses).toEqual(['down']);
    await clock.advance(10_000);
    expect(server.opened).toBeLessThanOrEqual(11);
    await clock.advance(29 * 30_000);
    expect(server.opened).toBe(30);
    expect(server.statuses).toEqual(['down', 'up']);
    expect(server.unwrap()).toBe(queue);
    expect(lines()[0]).toBe(
      'error: cannot receive from jobs (1 in a row): QueueDoesNotExist: there is no queue "jobs"',
    );
    expect(lines()).toContain('log: receiving from jobs again');
    expect(lines().at(-1)).toContain('jobs has no redrive policy');
    const closing = server.close();
    await clock.advance(25_000);
    await closing;
    expect(server.statuses.at(-1)).toBe('stopped');
  });

  it('waits for the dead-letter queue and keeps no queue open meanwhile', async () => {
    const clock = new VirtualClock(0);
    const made: MemoryQueue[] = [];
    const make = (): MemoryQueue => {
      const queue = createMemoryQueue({ name: 'jobs', clock });
      made.push(queue);
      return queue;
    };
    const dead = createMemoryQueue({ name: 'dead', clock });
    let there = false;
    const server = new WaitingServer(clock, make, () => (there ? dead : never()), { poisonPolicy: 'dead-letter' });
    expect(await server.listening()).toBeUndefined();
    await clock.advance(60_000);
    expect(made.length).toBeGreaterThan(2);
    for (const queue of made) await expect(queue.send([{ body: 'x' }])).rejects.toMatchObject({ code: 'QueueClosed' });
    there = true;
    await clock.advance(30_000);
    expect(server.statuses).toEqual(['down', 'up']);
    const closing = server.close();
    await clock.advance(25_000);
    await closing;
  });

  it('stops opening the queue after close', async () => {
    const clock = new VirtualClock(0);
    const server = new WaitingServer(clock, never, never);
    await server.listening();
    await server.close();
    expect(server.statuses).toEqual(['down', 'stopped']);
    const { opened } = server;
    await clock.advance(120_000);
    expect(server.opened).toBe(opened);
  });

  it('closes a queue that opens after close', async () => {
    const clock = new VirtualClock(0);
    const queue = createMemoryQueue({ name: 'jobs', clock });
    let open!: (queue: Queue) => void;
    const opening = new Promise<Queue>((resolve) => (open = resolve));
    const server = new WaitingServer(clock, (time) => (time === 1 ? never() : opening), never);
    await server.listening();
    await clock.advance(5_000);
    expect(server.opened).toBe(2);
    const closing = server.close();
    open(queue);
    await closing;
    expect(server.statuses).toEqual(['down', 'stopped']);
    await expect(queue.send([{ body: 'x' }])).rejects.toMatchObject({ code: 'QueueClosed' });
  });

  it('fails at once on invalid options instead of waiting', async () => {
    const clock = new VirtualClock(0);
    const queue = (): Queue => createMemoryQueue({ name: 'jobs', clock });
    const server = new WaitingServer(clock, queue, queue, { poisonPolicy: 'dead-letter' });
    expect(await server.listening()).toMatchObject({
      message: expect.stringContaining('jobs cannot be its own dead-letter queue'),
    });
    await server.close();
  });
});

describe('a worker that does not wait', () => {
  it('rejects the start with the queue error after one attempt to open the queue', async () => {
    const server = new WaitingServer(new VirtualClock(0), never, never, { onQueueMissing: 'fail' });
    expect(await server.listening()).toBe(missing);
    await server.close();
    expect([server.opened, server.statuses]).toEqual([1, ['stopped']]);
  });
});

describe('the warnings about dead letters', () => {
  it.each([
    ['a queue that is its own dead-letter queue', 'redrive', 'jobs', undefined, 'jobs is its own dead-letter queue'],
    [
      'a dead-letter queue that redrives to the source queue',
      'dead-letter',
      undefined,
      'jobs',
      'dead uses jobs as its own dead-letter queue',
    ],
    ['nothing for an unreadable redrive policy', 'redrive', 'unknown', undefined, undefined],
    ['nothing for separate queues', 'dead-letter', undefined, 'parked', undefined],
  ] as const)('warns about %s', async (_, poisonPolicy, target, deadTarget, warning) => {
    const clock = new VirtualClock(0);
    const named = (name: string, to: string | undefined): Queue =>
      Object.assign(
        createMemoryQueue({ name, clock }),
        to && { redrive: to === 'unknown' ? to : { maxReceiveCount: 3, target: `arn:x:${to}` } },
      );
    const server = new WaitingServer(
      clock,
      () => named('jobs', target),
      () => named('dead', deadTarget),
      { poisonPolicy },
    );
    expect(await server.listening()).toBeUndefined();
    const warnings = lines().filter((line) => line.startsWith('warn:'));
    expect(warnings).toEqual(warning === undefined ? [] : [expect.stringContaining(warning)]);
    const closing = server.close();
    await clock.advance(25_000);
    await closing;
  });

  it.each([
    ['fewer than ten receives of a FIFO queue', 'redrive', true, 9, ['may move them after one failure']],
    ['nothing at ten receives of a FIFO queue', 'redrive', true, 10, []],
    ['nothing at three receives of a standard queue', 'redrive', false, 3, []],
    ['two receives of a standard queue', 'redrive', false, 2, ['at receive 3, and a crash, a deployment']],
    ['one receive of a standard queue', 'dead-letter', false, 1, ['at receive 2, and a crash, a deployment']],
    ['one receive of a queue of which it drops messages', 'drop', false, 1, ['at receive 2, and a crash']],
    ['nothing at three receives of a FIFO queue with dead letters of its own', 'dead-letter', true, 3, []],
    ['one receive of a FIFO queue', 'redrive', true, 1, ['at receive 2, and a crash', 'after one failure']],
    ['an unreadable policy of a FIFO queue', 'redrive', true, 'unknown', ['cannot be read']],
  ] as const)('warns about %s in the redrive policy', async (_, poisonPolicy, fifo, maxReceiveCount, expected) => {
    const clock = new VirtualClock(0);
    const queue = Object.assign(createMemoryQueue({ name: 'jobs', clock, fifo }), {
      redrive: maxReceiveCount === 'unknown' ? maxReceiveCount : { maxReceiveCount, target: 'arn:x:dead' },
    });
    const server = new WaitingServer(
      clock,
      () => queue,
      () => createMemoryQueue({ name: 'dead', clock, fifo }),
      { poisonPolicy },
    );
    expect(await server.listening()).toBeUndefined();
    const warnings = lines().filter((line) => line.startsWith('warn:'));
    expect(warnings).toEqual(expected.map((text) => expect.stringContaining(text) as unknown));
    const closing = server.close();
    await clock.advance(25_000);
    await closing;
  });
});

describe('the warning about open receives', () => {
  it.each([
    [undefined, 64, undefined],
    [64, 64, undefined],
    [40, 64, 'jobs is received from by at most 40 long polls at once instead of 64'],
    [1, undefined, 'jobs is received from by at most 1 long polls at once instead of 4'],
  ])('compares the queue limit %p with maxPollers %p', async (receives, maxPollers, warning) => {
    const clock = new VirtualClock(0);
    const queue = createMemoryQueue({ name: 'jobs', clock, limits: { receives } });
    const server = new WaitingServer(
      clock,
      () => queue,
      () => never(),
      { poisonPolicy: 'drop', maxPollers },
    );
    expect(await server.listening()).toBeUndefined();
    const warnings = lines().filter((line) => line.startsWith('warn:'));
    expect(warnings).toEqual(warning === undefined ? [] : [expect.stringContaining(warning)]);
    const closing = server.close();
    await clock.advance(25_000);
    await closing;
  });
});
