import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { MemoryIdempotencyStore, type ServerSqsThriftOptions } from 'nestjs-sqs-thrift';
import { VirtualClock } from 'nestjs-sqs-thrift/testing';
import { Rig, texts } from './rig.js';
import { TextWorker } from './worker.js';

const COUNT = 400;
let rig: Rig;
const running: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterEach(async () => {
  for (const worker of running.splice(0)) await worker.close();
  await rig.stop();
});

async function start(
  options: Partial<ServerSqsThriftOptions> = {},
  handle?: (text: string) => unknown,
): Promise<TextWorker & { close(): Promise<void> }> {
  const worker = await TextWorker.start(rig, options, handle);
  running.push(worker);
  return worker;
}

/**
 * Emits all texts, while SQS hands one message in twenty out twice, and waits until none is left. SQS goes by a clock of its own: however
 * slow the machine is, no lease and no claim of a worker ends meanwhile.
 */
async function handleAll(options: Partial<ServerSqsThriftOptions>): Promise<TextWorker> {
  await rig.stop();
  const clock = new VirtualClock(Date.now());
  rig = await Rig.start({ clock });
  rig.fake.faults = ({ action }) => (action === 'ReceiveMessage' ? { kind: 'duplicate', oneIn: 20 } : undefined);
  await rig.emit(rig.client(), texts(COUNT));
  let received = 0;
  let open: () => void;
  // Handlers end when each message has come, for the second time too: a message that is removed by then comes no second time.
  const all = new Promise<void>((resolve) => (open = resolve));
  const worker = await start({ concurrency: 2 * COUNT, ...options }, () => all);
  worker.server.on('received', ({ count }) => {
    received += count;
    if (received >= COUNT * 1.05) open();
  });
  const allEnded = ({ settled, unsettled }: TextWorker): boolean => settled.length + unsettled.length === received;
  await worker.until((it) => received >= COUNT && allEnded(it) && rig.fake.depth('texts').visible === 0);
  // What a store sent away comes back when the claim of the other delivery would have ended.
  await clock.advance(60_000);
  await worker.until(() => rig.fake.messages('texts').length === 0);
  const closing = worker.close();
  running.length = 0;
  await clock.advance(2_000);
  await closing;
  return worker;
}

describe('F31: SQS delivers one message in twenty twice', () => {
  it('handles duplicate messages twice without a store', async () => {
    const { handled } = await handleAll({});
    expect(new Set(handled).size).toBe(COUNT);
    expect(handled.length).toBeGreaterThanOrEqual(COUNT * 1.05);
  });

  it('handles each duplicate message once with a store', async () => {
    const { handled } = await handleAll({ idempotency: { store: new MemoryIdempotencyStore() } });
    expect(new Set(handled).size).toBe(COUNT);
    expect(handled).toHaveLength(COUNT);
  });
});

describe('F31: an answer to the producer is lost', () => {
  it('handles a call that SQS stored twice once when events have ids', async () => {
    rig.fake.faults = ({ action, number }) =>
      action === 'SendMessageBatch' && number % 3 === 0 ? { kind: 'reset', when: 'after' } : undefined;
    const client = rig.client({ eventIds: true });
    const { stored } = await rig.emit(client, texts(COUNT));
    expect(stored.size).toBe(COUNT);
    const twice = rig.fake.stored('texts').length;
    expect(twice).toBeGreaterThan(COUNT);
    const worker = await start({ idempotency: { store: new MemoryIdempotencyStore() } });
    await worker.until(() => rig.fake.messages('texts').length === 0);
    expect(worker.handled).toHaveLength(COUNT);
    expect(new Set(worker.handled).size).toBe(COUNT);
  });
});

describe('F32: a queue that delivers in any order', () => {
  it('handles every message of a queue that delivers in any order', async () => {
    rig.fake.createQueue('shuffled', { shuffle: Math.random });
    await rig.emit(rig.client({ queue: 'shuffled' }), texts(COUNT));
    const worker = await start({ queue: 'shuffled' });
    await worker.until(({ handled }) => handled.length === COUNT);
    expect(new Set(worker.handled).size).toBe(COUNT);
    expect(worker.handled.slice().sort()).toEqual(texts(COUNT).sort());
    expect(worker.handled).not.toEqual(texts(COUNT));
  });
});
