import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqsThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { lastValueFrom } from 'rxjs';
import { seededRandom } from '../fakes/sqs/fault-schedules.js';
import type { Fault } from '../fakes/sqs/faults.js';
import { CALL_BYTES, Rig, moveReport, texts } from './rig.js';

let rig: Rig;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterEach(() => rig.stop());

/** A failure of some entries of every batch, chosen by chance. */
function someFail(share: number, seed: number): () => Fault {
  const random = seededRandom(seed);
  const chosen = (): number[] => Array.from({ length: 10 }, (_, at) => at).filter(() => random() < share);
  return () => ({
    kind: 'fail-entries',
    entries: new Map(chosen().map((at) => [at, { Code: 'InternalError', SenderFault: false }])),
  });
}

/** Counts the sends of each text: entries that the fake stored or refused one by one. */
function sent(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { action, body } of rig.fake.log.requests) {
    if (action !== 'SendMessageBatch') continue;
    for (const { MessageBody } of body.Entries as { MessageBody: string }[]) {
      counts.set(MessageBody, (counts.get(MessageBody) ?? 0) + 1);
    }
  }
  return counts;
}

describe('a batch of which SQS stores a part', () => {
  it('F18: sends only the failed entries again and stores each entry once', async () => {
    const fail = someFail(0.3, 18);
    const failures = new Map<string, number>();
    rig.fake.faults = ({ action, body }) => {
      if (action !== 'SendMessageBatch') return undefined;
      const fault = fail();
      const entries = body.Entries as { MessageBody: string }[];
      if (fault.kind === 'fail-entries') {
        for (const at of fault.entries.keys()) {
          const text = entries[Number(at)]?.MessageBody;
          if (text !== undefined) failures.set(text, (failures.get(text) ?? 0) + 1);
        }
      }
      return fault;
    };
    const wanted = texts(1000);
    const { stored, failed } = await rig.emit(rig.client({ maxAttempts: 20 }), wanted);
    expect(failed).toEqual(new Map());
    expect(new Set(stored.values()).size).toBe(1000);
    expect(rig.texts().sort()).toEqual([...wanted].sort());
    // Each was sent once, and once more for each time that its own entry had failed.
    for (const [text, count] of sent()) expect([text, count]).toEqual([text, 1 + (failures.get(text) ?? 0)]);
    expect(failures.size).toBeGreaterThan(200);
  });

  it('F18: gives an entry up with its code after maxAttempts failures', async () => {
    rig.fake.faults = ({ action }) =>
      action === 'SendMessageBatch'
        ? { kind: 'fail-entries', entries: new Map([[0, { Code: 'InternalError', SenderFault: false }]]) }
        : undefined;
    const { stored, failed } = await rig.emit(rig.client(), texts(10));
    expect([stored.size, [...failed].map(([at, { code }]) => [at, code])]).toEqual([9, [[0, 'InternalError']]]);
    expect(rig.requests('SendMessageBatch')).toBe(5);
  });

  it('F19: fails only the refused entry, retries no entry and stores the other nine', async () => {
    const refusal = { Code: 'InvalidParameterValue', SenderFault: true, Message: 'by script' };
    rig.fake.faults = ({ action }) =>
      action === 'SendMessageBatch' ? { kind: 'fail-entries', entries: new Map([[3, refusal]]) } : undefined;
    const { stored, failed } = await rig.emit(rig.client(), texts(10));
    expect([...stored.keys()]).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    expect([...failed].map(([at, { code }]) => [at, code])).toEqual([[3, 'InvalidParameterValue']]);
    expect(rig.requests('SendMessageBatch')).toBe(1);
  });

  it('F20: sends an entry again when the answer does not list the entry', async () => {
    rig.fake.faults = ({ action, number }) =>
      action === 'SendMessageBatch' && number === 1
        ? [{ kind: 'omit-entries', entries: [2, 5] }, { kind: 'unknown-entry' }]
        : undefined;
    const { stored } = await rig.emit(rig.client(), texts(10));
    expect(stored.size).toBe(10);
    expect([...sent().values()].filter((count) => count === 2)).toHaveLength(2);
    expect(rig.requests('SendMessageBatch')).toBe(2);
  });

  it('F20: fails an entry without an answer after maxAttempts', async () => {
    rig.fake.faults = ({ action }) =>
      action === 'SendMessageBatch' ? { kind: 'omit-entries', entries: [0] } : undefined;
    const { stored, failed } = await rig.emit(rig.client(), texts(10));
    expect([stored.size, [...failed.keys()]]).toEqual([9, [0]]);
    expect(rig.requests('SendMessageBatch')).toBe(5);
  });

  it('fails only the entry that makes SQS refuse the whole request', async () => {
    rig.fake.createQueue('strict.fifo');
    const client = rig.client({ queue: 'strict.fifo' });
    const record = (at: number) => new SqsThriftRecordBuilder({ text: `${at}` }).setGroupId(`g${at}`);
    const emits = Array.from({ length: 10 }, (_, at) =>
      lastValueFrom(
        client.emit<string>('text', at === 4 ? record(at).build() : record(at).setDeduplicationId(`${at}`).build()),
      ),
    );
    const { stored, failed } = await moveReport(emits);
    expect([stored.size, [...failed].map(([at, { code }]) => [at, code])]).toEqual([9, [[4, 'InvalidParameterValue']]]);
  });
});

describe('content that SQS refuses', () => {
  it('F24: refuses characters outside XML in attributes by code point before any request', async () => {
    const client = rig.client();
    await client.connect();
    const random = seededRandom(24);
    const forbidden = [...Array(0x20).keys()].filter((code) => ![9, 10, 13].includes(code));
    forbidden.push(0xfffe, 0xffff, 0xd800, 0xdbff, 0xdc00, 0xdfff);
    const codes = [
      ...forbidden,
      ...Array.from({ length: 10_000 }, () => forbidden[Math.floor(random() * forbidden.length)]!),
    ];
    const { stored, failed } = await moveReport(
      codes.map((code) => {
        const value = `a${String.fromCharCode(code)}b`;
        return lastValueFrom(
          client.emit<string>('text', new SqsThriftRecordBuilder({ text: 'x' }).setAttributes({ value }).build()),
        );
      }),
    );
    expect([stored.size, rig.requests('SendMessageBatch')]).toEqual([0, 0]);
    codes.forEach((code, at) => {
      const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
      expect(failed.get(at)).toMatchObject({
        code: 'bad-attribute',
        message: expect.stringContaining(name) as unknown,
      });
    });
  });

  it('F24: sends a call with any text, since the body is base64', async () => {
    const wanted = ['\0\u001f', '\ufffe\uffff', '\u{10ffff}', '"\\\u2028'];
    const { failed } = await rig.emit(rig.client(), wanted);
    expect([failed.size, rig.texts()]).toEqual([0, wanted]);
  });

  it.each([
    ['of the queue', 262_144],
    ['of SQS', 1_048_576],
  ])('F26: refuses a message over the limit %s before any request', async (_, limit) => {
    rig.fake.createQueue('small', { maximumMessageSize: limit });
    const client = rig.client({ queue: 'small' });
    await client.connect();
    const bodyBytes = Math.floor((limit - 1000) / 4) * 4;
    const text = 'x'.repeat((bodyBytes / 4) * 3 - CALL_BYTES);
    const nameAndType = 'size'.length + 'String'.length;
    const fill = (bytes: number): string => 'é'.repeat(Math.floor(bytes / 2)).padEnd(Math.ceil(bytes / 2), 'e');
    const room = limit - bodyBytes - nameAndType;
    const record = (value: string): Promise<string> =>
      lastValueFrom(
        client.emit<string>('text', new SqsThriftRecordBuilder({ text }).setAttributes({ size: value }).build()),
      );
    const { stored, failed } = await moveReport([record(fill(room)), record(fill(room + 1))]);
    expect([[...stored.keys()], [...failed.keys()]]).toEqual([[0], [1]]);
    expect(failed.get(1)).toMatchObject({
      code: 'too-large',
      message: expect.stringContaining(
        `takes ${limit + 1} bytes with its attributes, and small accepts ${limit}`,
      ) as unknown,
    });
    expect(rig.requests('SendMessageBatch')).toBe(1);
  });

  it('F27: splits calls over the request limit into requests filled in order', async () => {
    const client = rig.client({ maxInFlight: 1 });
    await client.connect();
    const wanted = texts(10, ((300 * 1024) / 4) * 3 - CALL_BYTES);
    const { stored } = await rig.emit(client, wanted);
    expect(stored.size).toBe(10);
    const requests = rig.fake.log.requests.filter(({ action }) => action === 'SendMessageBatch');
    expect(requests.map(({ entries }) => entries)).toEqual([3, 3, 3, 1]);
    expect(rig.texts()).toEqual(wanted);
  });

  it('F27: sends more than ten calls in several requests', async () => {
    const client = rig.client();
    await client.connect();
    await rig.emit(client, texts(25));
    const requests = rig.fake.log.requests.filter(({ action }) => action === 'SendMessageBatch');
    expect(requests.map(({ entries }) => entries)).toEqual([10, 10, 5]);
  });
});
