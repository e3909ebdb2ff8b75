import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeleteQueueCommand, CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Rig } from './rig.js';
import { TextWorker } from './worker.js';

let rig: Rig;
let worker: Awaited<ReturnType<typeof TextWorker.start>>;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
  worker = await TextWorker.start(rig);
});
afterEach(async () => {
  await worker.close();
  await rig.stop();
});

describe('a queue that is deleted and made again', () => {
  it('F11: makes the worker unhealthy within 5 s, is asked for at most ten times a minute, and is used again within 35 s', async () => {
    const { region, endpoint, credentials } = rig.access;
    const sqs = new SQSClient({ region: region!, endpoint: endpoint!, credentials: credentials! });
    await worker.until(({ statuses }) => statuses.includes('up'));
    const { QueueUrl } = { QueueUrl: `${rig.fake.endpoint}/000000000000/texts` };
    const from = performance.now();
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await worker.until(({ statuses }) => statuses.at(-1) === 'down');
    expect(performance.now() - from).toBeLessThan(5_000);
    const before = rig.requests('ReceiveMessage');
    // SQS refuses the name for 60 s after it was deleted.
    await expect(sqs.send(new CreateQueueCommand({ QueueName: 'texts' }))).rejects.toThrow(/60 seconds/);
    await wait(61_000);
    const asked = rig.requests('ReceiveMessage') - before;
    expect(asked).toBeLessThanOrEqual(10);
    expect(asked).toBeGreaterThanOrEqual(2);
    await sqs.send(new CreateQueueCommand({ QueueName: 'texts' }));
    const again = performance.now();
    await rig.emit(rig.client(), ['after']);
    await worker.until(({ handled }) => handled.includes('after'));
    const resumedMs = performance.now() - again;
    console.log(JSON.stringify({ asked, resumedMs }));
    expect(resumedMs).toBeLessThan(35_000);
    expect(worker.statuses).toEqual(['up', 'down', 'up']);
    expect(worker.log.lines.filter((line) => line.includes('cannot receive')).length).toBeLessThanOrEqual(asked + 1);
    sqs.destroy();
  });
});
