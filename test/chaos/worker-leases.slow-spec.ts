import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { QueueError, type ServerSqsThriftOptions } from 'nestjs-sqs-thrift';
import { VirtualClock } from 'nestjs-sqs-thrift/testing';
import type { EntryFault, FaultScript } from '../fakes/sqs/faults.js';
import { codec, Rig, texts, Texts, type TextsStub } from './rig.js';
import { TextWorker } from './worker.js';

let rig: Rig;
const running: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterEach(async () => {
  rig.fake.faults = undefined;
  for (const worker of running.splice(0)) await worker.close();
  await rig.stop();
});

async function start(
  options: Partial<ServerSqsThriftOptions>,
  handle?: (text: string) => unknown,
): Promise<Awaited<ReturnType<typeof TextWorker.start>>> {
  const worker = await TextWorker.start(rig, options, handle);
  running.push(worker);
  return worker;
}

/** All entries of an action fail, `times` times each at most. */
function failing(action: string, fault: EntryFault, times = Infinity): { faults: FaultScript; count: () => number } {
  const left = new Map<string, number>();
  let failed = 0;
  const faults: FaultScript = (request) => {
    if (request.action !== action) return undefined;
    const entries = (request.body.Entries as { Id: string; ReceiptHandle: string }[]).filter(({ ReceiptHandle }) => {
      const more = left.get(ReceiptHandle) ?? times;
      left.set(ReceiptHandle, more - 1);
      return more > 0;
    });
    failed += entries.length;
    return { kind: 'fail-entries', entries: new Map(entries.map(({ Id }) => [Id, fault])) };
  };
  return { faults, count: () => failed };
}

describe('F21: a refused receipt handle', () => {
  const COUNT = 20;

  it('reports a refused receipt handle once per message without a retry', async () => {
    const { faults, count } = failing('DeleteMessageBatch', { Code: 'ReceiptHandleIsInvalid', SenderFault: true }, 1);
    rig.fake.faults = faults;
    await rig.emit(rig.client(), texts(COUNT));
    const worker = await start({ visibilityTimeoutSeconds: 600 });
    await worker.until(({ unsettled }) => unsettled.length === COUNT);
    expect(worker.unsettled.every((error) => error instanceof QueueError && error.kind === 'lease-lost')).toBe(true);
    expect([count(), worker.settled.length, worker.handled.length]).toEqual([COUNT, 0, COUNT]);
    expect(rig.fake.messages('texts')).toHaveLength(COUNT);
  });

  it('retries a delete at most three times after a temporary failure', async () => {
    const { faults, count } = failing('DeleteMessageBatch', { Code: 'InternalError', SenderFault: false });
    rig.fake.faults = faults;
    await rig.emit(rig.client(), texts(COUNT));
    const worker = await start({ visibilityTimeoutSeconds: 600 });
    await worker.until(({ unsettled }) => unsettled.length === COUNT);
    expect(count()).toBe(4 * COUNT);
  });

  it('acknowledges no FIFO message after its lease is over', async () => {
    rig.fake.createQueue('texts.fifo', { contentBasedDeduplication: true });
    const client = rig.client({ queue: 'texts.fifo' });
    await client.getService<TextsStub>(Texts, { groupId: 'g' }).text('one');
    // The worker believes that its lease was renewed, and the queue does not.
    rig.fake.faults = ({ action }) =>
      action === 'DeleteMessageBatch' ? { kind: 'delay', ms: 2_500, when: 'before' } : undefined;
    const worker = await start({ queue: 'texts.fifo', visibilityTimeoutSeconds: 2 });
    await worker.until(({ unsettled }) => unsettled.length === 1);
    expect(worker.unsettled[0]).toMatchObject({ kind: 'lease-lost' });
    expect(worker.settled).toEqual([]);
    rig.fake.faults = undefined;
    await worker.until(({ settled }) => settled.some(({ outcome }) => outcome === 'ack'));
    expect(rig.fake.messages('texts.fifo')).toEqual([]);
  });
});

describe('F22: a lease that cannot be renewed', () => {
  const COUNT = 20;

  it('aborts the handler and logs each lost lease, at most ten lines in ten seconds', async () => {
    const { faults, count } = failing('ChangeMessageVisibilityBatch', {
      Code: 'MessageNotInflight',
      SenderFault: true,
    });
    rig.fake.faults = faults;
    await rig.emit(rig.client(), texts(COUNT));
    const lost: string[] = [];
    const worker = await start({ concurrency: COUNT, visibilityTimeoutSeconds: 2 }, () => new Promise(() => undefined));
    worker.server.on('lease-lost', ({ messageId }) => void lost.push(messageId));
    await worker.until(({ settled }) => settled.length >= COUNT);
    const first = lost.slice(0, COUNT);
    expect(new Set(first).size).toBe(COUNT);
    expect(count()).toBe(lost.length);
    expect(worker.settled.slice(0, COUNT).every(({ outcome }) => outcome === 'abandon')).toBe(true);
    const lines = worker.log.lines.filter((line) => first.some((id) => line.includes(id)));
    expect(lines).toHaveLength(10);
  });

  it('retries a throttled renewal within the lease and handles each message once', async () => {
    const { faults, count } = failing(
      'ChangeMessageVisibilityBatch',
      { Code: 'RequestThrottled', SenderFault: false },
      2,
    );
    rig.fake.faults = faults;
    await rig.emit(rig.client(), texts(COUNT));
    const worker = await start(
      { concurrency: COUNT, visibilityTimeoutSeconds: 4 },
      () => new Promise((resolve) => setTimeout(resolve, 5_000)),
    );
    await worker.until(({ settled }) => settled.length >= COUNT);
    expect(count()).toBe(2 * COUNT);
    expect(worker.settled.map(({ outcome, receiveCount }) => [outcome, receiveCount])).toEqual(
      Array.from({ length: COUNT }, () => ['ack', 1]),
    );
    expect(worker.log.lines.filter((line) => line.includes('cannot renew')).length).toBeLessThanOrEqual(COUNT);
  });
});

describe('F36: connections that idled until the server closed them', () => {
  it('sends a call within one second after the server closed idle connections', async () => {
    const client = rig.client();
    const worker = await start({ waitTimeSeconds: 1 });
    await rig.emit(client, ['before']);
    await worker.until(({ handled }) => handled.length === 1);
    await rig.fake.refuseConnections();
    await rig.fake.acceptConnections();
    const from = performance.now();
    const { stored } = await rig.emit(client, ['after']);
    expect(stored.size).toBe(1);
    expect(performance.now() - from).toBeLessThan(1_000);
    await worker.until(({ handled }) => handled.includes('after'));
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});

describe('F39: a message that always fails, on a queue without a redrive policy', () => {
  it('doubles the retry delay of a failing message up to maxSeconds', async () => {
    await rig.stop();
    const clock = new VirtualClock(Date.now());
    rig = await Rig.start({ clock });
    const hidden: number[] = [];
    rig.fake.faults = ({ action, body }) => {
      if (action === 'ChangeMessageVisibilityBatch') {
        hidden.push(...(body.Entries as { VisibilityTimeout: number }[]).map((entry) => entry.VisibilityTimeout));
      }
      return undefined;
    };
    rig.fake.send('texts', {
      attributes: {},
      body: codec.encodeBody({ method: 'text', args: { text: 'x' } }, 'text') as string,
    });
    const worker = await start({ retry: { baseSeconds: 2, maxSeconds: 900, jitter: 0 } }, () => {
      throw new Error('always');
    });
    for (let times = 1; times <= 12; times += 1) {
      await worker.until(({ settled }) => settled.length === times);
      await clock.advance(worker.settled.at(-1)!.delaySeconds! * 1_000);
    }
    await worker.until(({ settled }) => settled.length === 13);
    expect(worker.settled.map(({ receiveCount }) => receiveCount)).toEqual(Array.from({ length: 13 }, (_, i) => i + 1));
    expect(hidden).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
    expect(worker.log.text()).toContain('has no redrive policy');
    const closing = worker.close();
    running.length = 0;
    await clock.advance(2_000);
    await closing;
  });
});
