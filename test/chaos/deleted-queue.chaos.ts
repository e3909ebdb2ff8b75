import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SentRequests } from './kit/sent-requests.js';
import { deviations } from './kit/service.js';
import { ServiceRig } from './rig.js';
import { TextWorker } from './worker.js';

/** Where a poll does not end with its queue, the worker has to give it up first: 5 s after the second that it waits. */
const HANGS = 'a receive ends after the time it waits, though its queue is deleted meanwhile' in deviations;
const DOWN_WITHIN_MS = HANGS ? 6_500 : 5_000;

let rig: ServiceRig;
let worker: Awaited<ReturnType<typeof TextWorker.start>>;
let sent: SentRequests;
let sqs: SQSClient;
beforeEach(async () => {
  Logger.overrideLogger(false);
  sent = new SentRequests();
  rig = await ServiceRig.start();
  sqs = new SQSClient(rig.access);
  worker = await TextWorker.start(rig);
});
afterEach(async () => {
  await worker.close();
  sqs.destroy();
  await rig.stop();
  sent.stop();
});

describe('a queue that is deleted and created again', () => {
  it('F11: reports a deleted queue as unhealthy within 5 s and uses a new queue within 35 s', async () => {
    await worker.until(({ statuses }) => statuses.includes('up'));
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'texts' }));
    const from = performance.now();
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await worker.until(({ statuses }) => statuses.at(-1) === 'down');
    const downMs = performance.now() - from;
    const before = sent.count('ReceiveMessage');
    // SQS refuses the name for 60 s after it was deleted.
    await wait(61_000);
    const asked = sent.count('ReceiveMessage') - before;
    await sqs.send(new CreateQueueCommand({ QueueName: 'texts' }));
    const again = performance.now();
    await rig.emit(rig.client(), ['after']);
    await worker.until(({ handled }) => handled.includes('after'));
    const resumedMs = performance.now() - again;
    console.log(JSON.stringify({ downMs, asked, resumedMs }));
    expect(downMs).toBeLessThan(DOWN_WITHIN_MS);
    expect(asked).toBeLessThanOrEqual(10);
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(resumedMs).toBeLessThan(35_000);
    expect(worker.statuses).toEqual(['up', 'down', 'up']);
    expect(worker.log.lines.filter((line) => line.includes('cannot receive')).length).toBeLessThanOrEqual(asked + 1);
  });
});
