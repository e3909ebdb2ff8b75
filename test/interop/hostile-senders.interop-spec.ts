import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createEventCodec } from '../../lib/codec.js';
import type { Queue } from '../../lib/port.js';
import { startEmbeddedSqs, type EmbeddedSqs } from '../../lib/testing.js';
import { build, LANGUAGES, Peer, type Language, type Running } from '../../sample/05-other-languages/peer.js';
import { describeReady } from './describe-ready.js';
import { BackupQueue, BackupReports } from './nest-peer.js';
import { altered, binary, bytesOf, startBackup } from './peer-bodies.js';
import { PeerQueues, receiveAll, send } from './peer-queues.js';

/** JSON that ends where a number may go on. */
const OPEN_NUMBERS = ['[', '[1', '[1,"startBackup",4,0,{"1":{"rec":{"3":{"i64":5'];

/** Matches the line in which a worker reports the end of a body. */
const ENDS: Readonly<Record<Language, RegExp>> = {
  python: /^EOFError/gm,
  java: /Cannot read\. Remote side has closed/g,
  go: /not handled: /g,
};

/** Line breaks of every kind, a terminal's orders, and a change of the direction of what follows. */
const BREAKS = '\n\r\v\f\u0085\u2028\u2029\u001b[2J\u009b31m\u202e\u0000\u007f';
const EVIL = `evil${BREAKS}forged line${BREAKS}`;
const LONG = 'x'.repeat(100_000);

/** A call whose name is any text. */
function named(name: string): string {
  const bytes = Buffer.from(name);
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([Buffer.from([0x80, 1, 0, 4]), length, bytes, Buffer.alloc(5)]).toString('base64');
}

const withFolder = bytesOf('binary', {
  method: 'startBackup',
  args: { request: { id: 'b-1', userId: 'alice', requestedAt: 1n, excludedFolders: new Set(['cache']) } },
});

const report = createEventCodec([BackupQueue, BackupReports]).encode({
  service: 'BackupReports',
  method: 'progress',
  args: { progress: { id: 'b-1', state: 3 } },
});

const NOT_UTF8 = [
  altered(report, 'b-1', 'b-\xff'),
  altered(withFolder, 'b-1', '\xff-1'),
  altered(withFolder, 'alice', '\xed\xb2\x80ce'),
  altered(withFolder, 'cache', 'cach\xe4'),
];

for (const language of LANGUAGES) {
  describeReady(`Hostile senders to ${language}`, build(language), () => {
    let sqs: EmbeddedSqs;
    let queues: PeerQueues;
    let queue: Queue;
    let deadLetters: Queue;
    let worker: Running;

    beforeAll(async () => {
      sqs = await startEmbeddedSqs();
      queues = new PeerQueues(sqs);
    });

    afterAll(() => sqs.stop());

    beforeEach(async () => {
      ({ queue, deadLetters } = await queues.openWithDeadLetters());
      worker = await new Peer(language, { ...sqs.env, AWS_ENDPOINT_URL: sqs.endpoint }).startWorker(queue.name);
    }, 30_000);

    afterEach(async () => {
      await worker.stop('SIGKILL');
      await queues.close();
    });

    it('a worker handles no call of a JSON body that ends in a number', async () => {
      await send(queue, ...OPEN_NUMBERS);
      expect((await receiveAll(deadLetters, OPEN_NUMBERS.length)).sort()).toEqual([...OPEN_NUMBERS].sort());
      const { complaints } = await worker.stop();
      // Each comes twice.
      expect(complaints.match(ENDS[language])).toHaveLength(2 * OPEN_NUMBERS.length);
    }, 90_000);

    it('a worker ignores blanks after JSON', async () => {
      const json = bytesOf('json', startBackup('b-1'), startBackup('b-2')).toString();
      await send(queue, `${json} \t\r\n`);
      expect(await worker.until(2)).toEqual(['startBackup b-1 alice 1 -', 'startBackup b-2 alice 1 -']);
      expect((await worker.stop()).complaints).toBe('');
      expect(await queues.depth(queue)).toEqual([0, 0]);
    }, 60_000);

    it('a worker logs no forged line and no long line of a hostile message', async () => {
      const unknown = [EVIL, `${EVIL}:startBackup`, `BackupQueue:${EVIL}`, LONG].map(named);
      const failing = [binary(startBackup(EVIL, '')), binary(startBackup(LONG, ''))];
      const folders = new Set([EVIL]);
      const request = { id: EVIL, userId: EVIL, requestedAt: 1n, excludedFolders: folders };
      await send(queue, ...unknown, ...failing, binary(startBackup(LONG, LONG)));
      await send(queue, binary({ method: 'startBackup', args: { request } }));
      await receiveAll(deadLetters, unknown.length + failing.length);
      const lines = await worker.until(2);
      const { complaints } = await worker.stop();
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(line).toMatch(/^startBackup (evil\\|x+ x)/);
      // Stack traces are indented by tabs, and name places in code.
      const told = [...lines, ...complaints.split('\n')];
      expect(told.filter((line) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line.replace(/^\t+/, '')))).toEqual([]);
      expect(told.filter((line) => /^\W*forged/.test(line))).toEqual([]);
      expect(Math.max(...told.map((line) => line.length))).toBeLessThan(2_000);
    }, 90_000);

    // Java reads U+FFFD for what is no text, and cannot tell it from one that was sent.
    if (language !== 'java') {
      it('a worker handles no call with text that is not UTF-8', async () => {
        await send(queue, ...NOT_UTF8);
        expect((await receiveAll(deadLetters, NOT_UTF8.length)).sort()).toEqual([...NOT_UTF8].sort());
        await worker.stop();
        expect(worker.lines).toEqual([]);
      }, 60_000);
    }
  });
}
