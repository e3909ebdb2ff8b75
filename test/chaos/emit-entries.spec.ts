import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqsThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { lastValueFrom } from 'rxjs';
import { seededRandom } from '../fakes/sqs/fault-schedules.js';
import type { Fault } from '../fakes/sqs/faults.js';
import { CALL_BYTES, Rig, tally, texts } from './rig.js';

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

/** How often each text was sent: entries of requests that the fake carried out or refused one by one. */
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
  it('F18: three in ten entries fail on its side: only those are sent again, none is lost, none is stored twice', async () => {
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

  it('F18: an entry that goes on failing is given up after maxAttempts, with its code', async () => {
    rig.fake.faults = ({ action }) =>
      action === 'SendMessageBatch'
        ? { kind: 'fail-entries', entries: new Map([[0, { Code: 'InternalError', SenderFault: false }]]) }
        : undefined;
    const { stored, failed } = await rig.emit(rig.client(), texts(10));
    expect([stored.size, [...failed].map(([at, { code }]) => [at, code])]).toEqual([9, [[0, 'InternalError']]]);
    expect(rig.requests('SendMessageBatch')).toBe(5);
  });

  it('F19: the entry that is refused for good fails alone, is not sent again, and its nine neighbours are stored', async () => {
    const refusal = { Code: 'InvalidParameterValue', SenderFault: true, Message: 'by script' };
    rig.fake.faults = ({ action }) =>
      action === 'SendMessageBatch' ? { kind: 'fail-entries', entries: new Map([[3, refusal]]) } : undefined;
    const { stored, failed } = await rig.emit(rig.client(), texts(10));
    expect([...stored.keys()]).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    expect([...failed].map(([at, { code }]) => [at, code])).toEqual([[3, 'InvalidParameterValue']]);
    expect(rig.requests('SendMessageBatch')).toBe(1);
  });

  it('F20: an entry that stands in neither list counts as failed and is sent again, one that nobody sent is passed over', async () => {
    rig.fake.faults = ({ action, number }) =>
      action === 'SendMessageBatch' && number === 1
        ? [{ kind: 'omit-entries', entries: [2, 5] }, { kind: 'unknown-entry' }]
        : undefined;
    const { stored } = await rig.emit(rig.client(), texts(10));
    expect(stored.size).toBe(10);
    expect([...sent().values()].filter((count) => count === 2)).toHaveLength(2);
    expect(rig.requests('SendMessageBatch')).toBe(2);
  });

  it('F20: an entry that is never answered errors after maxAttempts', async () => {
    rig.fake.faults = ({ action }) =>
      action === 'SendMessageBatch' ? { kind: 'omit-entries', entries: [0] } : undefined;
    const { stored, failed } = await rig.emit(rig.client(), texts(10));
    expect([stored.size, [...failed.keys()]]).toEqual([9, [0]]);
    expect(rig.requests('SendMessageBatch')).toBe(5);
  });

  it('one that makes SQS refuse the whole request errors alone', async () => {
    rig.fake.createQueue('strict.fifo');
    const client = rig.client({ queue: 'strict.fifo' });
    const record = (at: number) => new SqsThriftRecordBuilder({ text: `${at}` }).setGroupId(`g${at}`);
    const emits = Array.from({ length: 10 }, (_, at) =>
      lastValueFrom(
        client.emit<string>('text', at === 4 ? record(at).build() : record(at).setDeduplicationId(`${at}`).build()),
      ),
    );
    const { stored, failed } = await tally(emits);
    expect([stored.size, [...failed].map(([at, { code }]) => [at, code])]).toEqual([9, [[4, 'InvalidParameterValue']]]);
  });
});

describe('what SQS would not take', () => {
  it('F24: characters outside of XML in attributes are refused before the network, by their code points', async () => {
    const client = rig.client();
    await client.connect();
    const random = seededRandom(24);
    const forbidden = [...Array(0x20).keys()].filter((code) => ![9, 10, 13].includes(code));
    forbidden.push(0xfffe, 0xffff, 0xd800, 0xdbff, 0xdc00, 0xdfff);
    const codes = [
      ...forbidden,
      ...Array.from({ length: 10_000 }, () => forbidden[Math.floor(random() * forbidden.length)]!),
    ];
    const { stored, failed } = await tally(
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

  it('F24: a call with any text at all goes through, as its body is base64', async () => {
    const wanted = ['\0\u001f', '\ufffe\uffff', '\u{10ffff}', '"\\\u2028'];
    const { failed } = await rig.emit(rig.client(), wanted);
    expect([failed.size, rig.texts()]).toEqual([0, wanted]);
  });

  it.each([
    ['of the queue, where it has one of its own', 262_144],
    ['of SQS', 1_048_576],
  ])('F26: a message over the limit %s fails before the network; one that just fits is stored', async (_, limit) => {
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
    const { stored, failed } = await tally([record(fill(room)), record(fill(room + 1))]);
    expect([[...stored.keys()], [...failed.keys()]]).toEqual([[0], [1]]);
    expect(failed.get(1)).toMatchObject({
      code: 'too-large',
      message: expect.stringContaining(
        `takes ${limit + 1} bytes with its attributes, and small accepts ${limit}`,
      ) as unknown,
    });
    expect(rig.requests('SendMessageBatch')).toBe(1);
  });

  it('F27: what is over a request in sum goes in several, filled in order: ten of 300 KiB as 3, 3, 3 and 1', async () => {
    const client = rig.client({ maxInFlight: 1 });
    await client.connect();
    const wanted = texts(10, ((300 * 1024) / 4) * 3 - CALL_BYTES);
    const { stored } = await rig.emit(client, wanted);
    expect(stored.size).toBe(10);
    const requests = rig.fake.log.requests.filter(({ action }) => action === 'SendMessageBatch');
    expect(requests.map(({ entries }) => entries)).toEqual([3, 3, 3, 1]);
    expect(rig.texts()).toEqual(wanted);
  });

  it('F27: more than ten go in several requests', async () => {
    const client = rig.client();
    await client.connect();
    await rig.emit(client, texts(25));
    const requests = rig.fake.log.requests.filter(({ action }) => action === 'SendMessageBatch');
    expect(requests.map(({ entries }) => entries)).toEqual([10, 10, 5]);
  });
});
