import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { QueueError, type ServerSqsThriftOptions } from 'nestjs-sqs-thrift';
import { Rig, texts, Texts, type TextsStub } from './rig.js';
import { TextWorker } from './worker.js';

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
  options: Partial<ServerSqsThriftOptions>,
  handle?: (text: string) => unknown,
): Promise<TextWorker> {
  const worker = await TextWorker.start(rig, options, handle);
  running.push(worker);
  return worker;
}

describe('a body that differs from the sent body', () => {
  it.each(['body', 'md5', 'attributes-md5'] as const)(
    'F25: rejects only the message with a wrong %s and handles the other nine',
    async (what) => {
      const client = rig.client();
      const wanted = texts(10);
      const stub = client.getService<TextsStub>(Texts, { attributes: { a: 'b' } });
      await Promise.all(wanted.map((text) => stub.text(text)));
      let receives = 0;
      rig.fake.faults = ({ action }) => {
        if (action !== 'ReceiveMessage') return undefined;
        receives += 1;
        return { kind: 'corrupt', what, oneIn: 10 };
      };
      const worker = await start({ retry: { baseSeconds: 100, maxSeconds: 100, jitter: 0 } });
      await worker.until(({ settled }) => settled.length === 10);
      expect(worker.settled.filter(({ outcome }) => outcome === 'ack')).toHaveLength(9);
      expect(worker.settled.filter(({ reason }) => reason === 'md5-mismatch')).toHaveLength(1);
      expect([worker.handled.length, rig.fake.messages('texts').length, receives > 0]).toEqual([9, 1, true]);
    },
  );

  it('F25: fails a call that SQS stored with another digest and sends the call once', async () => {
    const answer = { Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: '0'.repeat(32) }] };
    rig.fake.faults = ({ action }) =>
      action === 'SendMessageBatch'
        ? {
            kind: 'text',
            status: 200,
            contentType: 'application/x-amz-json-1.0',
            text: JSON.stringify(answer),
            when: 'after',
          }
        : undefined;
    const { failed } = await rig.emit(rig.client(), ['x']);
    expect(failed.get(0)).toMatchObject({ code: 'StoredCorrupt' });
    expect(rig.requests('SendMessageBatch')).toBe(1);
  });
});

describe('a worker that may not delete', () => {
  it('F30: reports down when deletes are denied, keeps every message and recovers', async () => {
    let denied = true;
    rig.fake.faults = ({ action }) =>
      denied && action === 'DeleteMessageBatch'
        ? { kind: 'error', error: 'AccessDenied', status: 403, message: 'not authorized to perform: sqs:DeleteMessage' }
        : undefined;
    await rig.emit(rig.client(), texts(200));
    const from = performance.now();
    const worker = await start({ visibilityTimeoutSeconds: 2 });
    await worker.until(({ statuses }) => statuses.includes('down'));
    expect(performance.now() - from).toBeLessThan(10_000);
    await worker.until(({ unsettled }) => unsettled.length >= 200);
    expect(worker.unsettled.every((error) => error instanceof QueueError && error.kind === 'denied')).toBe(true);
    const seconds = (performance.now() - from) / 1000;
    const lines = worker.log.lines.filter((line) => line.includes('DeleteMessage'));
    expect(lines.length).toBeGreaterThanOrEqual(1);
    expect(lines.length).toBeLessThanOrEqual(1 + Math.floor(seconds / 10));
    expect(rig.fake.messages('texts')).toHaveLength(200);
    denied = false;
    await worker.until(({ statuses }) => statuses.at(-1) === 'up');
    await worker.until(() => rig.fake.messages('texts').length === 0);
  });

  it('F30: stays down while deletes are denied, although failed messages are released', async () => {
    let denied = true;
    rig.fake.faults = ({ action }) =>
      denied && action === 'DeleteMessageBatch' ? { kind: 'error', error: 'AccessDenied', status: 403 } : undefined;
    await rig.emit(rig.client(), texts(20));
    const worker = await start({ visibilityTimeoutSeconds: 2, retry: { baseSeconds: 0 } }, (text) => {
      if (denied && Number.parseInt(text, 10) % 2 === 0) throw new Error('by script');
    });
    await worker.until(({ settled, unsettled }) => unsettled.length >= 30 && settled.length >= 30);
    expect(worker.statuses).toEqual(['up', 'down']);
    denied = false;
    await worker.until(({ statuses }) => statuses.at(-1) === 'up');
  });
});
