import { channel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CHANNELS, type TransportEvent } from 'nestjs-sqs-thrift';
import { codec, Rig } from './rig.js';
import { TextWorker } from './worker.js';

const SECRET = 'geheimnis';
let rig: Rig;
let worker: Awaited<ReturnType<typeof TextWorker.start>> | undefined;
afterEach(async () => {
  rig.fake.faults = undefined;
  await worker?.close();
  await rig.stop();
});

/** Thrift binary of a message of this name, with nothing in it. */
function named(name: string): string {
  const text = Buffer.from(name);
  const size = Buffer.alloc(4);
  size.writeInt32BE(text.length);
  return Buffer.concat([Buffer.from([0x80, 1, 0, 4]), size, text, Buffer.alloc(5)]).toString('base64');
}

const call = (text: string): Buffer => codec.encode({ method: 'text', args: { text } });
const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** Messages that would like to be in a log, or to forge one. */
const HOSTILE: readonly string[] = [
  SECRET,
  `[${JSON.stringify(SECRET)}]`,
  base64(Buffer.concat([call(SECRET), Buffer.from(SECRET)])),
  base64(call(SECRET).subarray(0, -3)),
  base64(Buffer.concat([call('ok'), Buffer.from([0])])),
  named('evil\n2026-11-24 ERROR all is lost'),
  named('\u001b[2J\u001b[31mred'),
  named('\u202Ereversed\u2066'),
  named('x'.repeat(100_000)),
  named('Nope:\r\ntext'),
  base64(call(`fails ${SECRET}`)),
  base64(call('ok')),
];

describe('P18: the log of a worker with hostile messages', () => {
  it('logs no body, receipt handle, key or invisible character of a hostile message', async () => {
    rig = await Rig.start();
    const { fake } = rig;
    const events: TransportEvent[] = [];
    const note = (event: unknown): void => void events.push(event as TransportEvent);
    for (const name of Object.values(CHANNELS)) channel(name).subscribe(note);
    const handles: string[] = [];
    for (const body of HOSTILE) fake.send('texts', { body, attributes: {} });
    let failures = 0;
    fake.faults = ({ action, body }) => {
      if (action !== 'DeleteMessageBatch') return undefined;
      handles.push(...(body.Entries as { ReceiptHandle: string }[]).map(({ ReceiptHandle }) => ReceiptHandle));
      failures += 1;
      return failures === 1
        ? {
            kind: 'error',
            error: 'AccessDenied',
            status: 403,
            message: 'User: arn:aws:iam::1:user/u is not authorized to perform: sqs:deletemessage',
          }
        : undefined;
    };
    Logger.overrideLogger(false);
    worker = await TextWorker.start(rig, { retry: { baseSeconds: 600, jitter: 0 } }, (text) => {
      if (text.startsWith('fails')) throw new Error('the handler says\u0007 what it likes\nERROR forged');
    });
    // Two bodies begin with a good call, and their rest is rejected later.
    await worker.until(({ settled, unsettled }) => settled.length + unsettled.length >= HOSTILE.length);
    for (const name of Object.values(CHANNELS)) channel(name).unsubscribe(note);
    expect(worker.settled.filter(({ outcome }) => outcome === 'reject').length).toBeGreaterThanOrEqual(7);
    expect(worker.log.lines.length).toBeGreaterThan(HOSTILE.length - 3);
    expect(handles.length).toBeGreaterThan(0);
    // Nest logs what a handler throws as it is.
    const ours = worker.log.lines.filter((line) => !line.startsWith('error: the handler says'));
    expect(ours.length).toBe(worker.log.lines.length - 1);
    for (const line of ours) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(Math.max(...worker.log.lines.map((line) => line.length))).toBeLessThan(2_500);
    // Errors carry what their handlers put in; all else is ours.
    const told =
      worker.log.text() +
      inspect(
        events.map((event) => ({ ...event, error: undefined })),
        { depth: 6 },
      );
    for (const secret of [SECRET, base64(Buffer.from(SECRET)), ...handles, fake.credentials.secretAccessKey + ':']) {
      expect(told).not.toContain(secret);
    }
  });
});
