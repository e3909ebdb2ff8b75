import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseThriftServer, type BaseThriftServerOptions, ServerSqsThrift } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { openSqsQueue } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue, type EmbeddedSqs, ServerThriftMemory, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { Jobs } from './harness.js';

/** A worker over the SDK takes far longer to start. */
const STOPS = process.env.NESTJS_SQS_THRIFT_DATA_PATH === 'sdk' ? 200 : 1_000;
/** Queues whose workers are stopped at the same time. */
const LANES = 20;

Logger.overrideLogger(false);
const codec = createEventCodec([Jobs]);

/** The body of a call that bears an id. */
function callOf(id: number): string {
  return String(codec.encodeBody({ method: 'stop', args: { id } }, 'text'));
}

/** A queue, and workers on it that are started and stopped. */
interface Rig {
  readonly send: (id: number) => Promise<unknown>;
  readonly worker: (options: BaseThriftServerOptions) => BaseThriftServer;
}

/** Starts a worker that notes the id of each call. */
async function started(rig: Rig, handled: (id: number) => void): Promise<BaseThriftServer> {
  const server = rig.worker({ service: Jobs });
  server.addHandler('stop', (data: { id: number }) => Promise.resolve(handled(data.id)) as never, true);
  await new Promise<void>((resolve, reject) => server.listen((error) => (error ? reject(error as Error) : resolve())));
  return server;
}

/**
 * Stops workers one after another, each while a message arrives, and counts how often each message was
 * handled. The message is sent up to 4 ms before or after the stop.
 */
async function stops(rig: Rig, count: number, base: number): Promise<Map<number, number>> {
  const handled = new Map<number, number>();
  const note = (id: number): void => void handled.set(id, (handled.get(id) ?? 0) + 1);
  for (let i = 0; i < count; i += 1) {
    const server = await started(rig, note);
    await wait(10 + (i % 7) * 5);
    const offset = (i % 9) - 4;
    const sent = wait(Math.max(0, offset)).then(() => rig.send(base + i));
    await wait(Math.max(0, -offset));
    await Promise.all([sent, server.close()]);
  }
  const last = await started(rig, note);
  const deadline = performance.now() + 5_000;
  while (handled.size < count && performance.now() < deadline) await wait(20);
  await last.close();
  return handled;
}

describe(`${STOPS} stops of an idle worker, each with a message sent at that moment`, () => {
  let sqs: EmbeddedSqs;
  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
  });
  afterAll(() => sqs.stop());

  it('lose none on the queue in memory', async () => {
    const times = await inLanes(async () => {
      const queue = createMemoryQueue();
      return {
        send: (id) => queue.send([{ body: callOf(id) }]),
        worker: (options) => new ServerThriftMemory({ ...options, queue }),
      };
    });
    expect([times.length, Math.max(...times)]).toEqual([STOPS, 1]);
  });

  it('lose none on the embedded SQS', async () => {
    const { endpoint, region, credentials } = sqs;
    const times = await inLanes(async (lane) => {
      const { name } = await sqs.createQueue(`lane-${lane}`);
      const access = { queue: name, endpoint, region, credentials };
      const queue = await openSqsQueue(access);
      return {
        send: (id) => queue.send([{ body: callOf(id) }]),
        worker: (options) => new ServerSqsThrift({ ...options, ...access }),
      };
    });
    expect([times.length, Math.max(...times)]).toEqual([STOPS, 1]);
  });
});

/** Stops workers on several queues at once. Returns how often each message was handled. */
async function inLanes(open: (lane: number) => Promise<Rig>): Promise<number[]> {
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    const handled = await stops(await open(lane), STOPS / LANES, lane * STOPS);
    return [...handled.values()];
  });
  return (await Promise.all(lanes)).flat();
}
