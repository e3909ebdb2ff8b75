import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../lib/port.js';
import { startEmbeddedSqs, type EmbeddedSqs } from '../../lib/testing.js';
import { build, LANGUAGES, Peer, thriftCompiler, type Running } from '../../sample/05-other-languages/peer.js';
import { describeReady } from './describe-ready.js';
import { altered, binary, bytesOf, startBackup } from './peer-bodies.js';
import { PeerQueues, receiveAll, send } from './peer-queues.js';

const cut = (bytes: Buffer, by: number): Buffer => bytes.subarray(0, bytes.length - by);

const whole = bytesOf('binary', startBackup('b-1'));

/** Bodies that nobody can handle; what begins well is handled as far as it goes, each time it comes. */
const POISON: Readonly<Record<string, string>> = {
  'no base64': 'hello, world',
  'base64 of nothing that a protocol begins with': Buffer.from('hello').toString('base64'),
  'a version of no protocol': altered(whole, '\x80\x01', '\x80\x7f'),
  'binary that is cut short': cut(whole, 3).toString('base64'),
  'compact that is cut short': cut(bytesOf('compact', startBackup('b-1')), 3).toString('base64'),
  'JSON that is cut short': cut(bytesOf('json', startBackup('b-1')), 12).toString(),
  'a text that says it is longer than the body': altered(whole, '\0\0\0\x05alice', '\x7f\0\0\x05alice'),
  'a second call that is cut short': cut(bytesOf('binary', startBackup('twice'), startBackup('b-1')), 3).toString(
    'base64',
  ),
  'a method that nobody has': altered(whole, 'startBackup', 'stopsBackup'),
  'JSON of a method that nobody has': bytesOf('json', startBackup('b-1'))
    .toString()
    .replace('startBackup', 'stopsBackup'),
  'a service that nobody has': altered(bytesOf('binary', startBackup('b-1')), 'startBackup', 'Else:Backup'),
  'a reply': altered(whole, '\x80\x01\0\x04', '\x80\x01\0\x02'),
  'no request in the arguments': Buffer.concat([whole.subarray(0, 27), Buffer.from([0])]).toString('base64'),
  'a request without its user': altered(whole, '\x0b\0\x02\0\0\0\x05alice', '\x0b\0\x09\0\0\0\x05alice'),
};

/** The code of an IDL that has a method more than the handlers know, into a folder. */
function generateWithPause(folder: string): void {
  const idl = readFileSync('idl/backup.thrift', 'utf8');
  const start = 'oneway void startBackup(1: BackupRequest request),';
  const file = join(folder, 'backup.thrift');
  writeFileSync(file, idl.replace(start, `${start}\n${start.replace('start', 'pause')}`));
  execFileSync(thriftCompiler(), ['--gen', 'py', '-out', folder, file]);
}

for (const language of LANGUAGES) {
  describeReady(`At least once in ${language}`, build(language), () => {
    let sqs: EmbeddedSqs;
    let peer: Peer;
    let queues: PeerQueues;
    const workers: Running[] = [];

    beforeAll(async () => {
      sqs = await startEmbeddedSqs();
      queues = new PeerQueues(sqs);
      peer = new Peer(language, { ...sqs.env, AWS_ENDPOINT_URL: sqs.endpoint });
    });

    afterAll(() => sqs.stop());

    afterEach(async () => {
      for (const worker of workers.splice(0)) await worker.stop('SIGKILL');
      await queues.close();
    });

    async function work(...args: string[]): Promise<Running> {
      const worker = await peer.startWorker(...args);
      workers.push(worker);
      return worker;
    }

    it('leaves a message whose handler failed in the queue and handles its neighbours once', async () => {
      const { queue, deadLetters } = await queues.openWithDeadLetters();
      const failing = binary(startBackup('b-1'), startBackup('b-2', ''), startBackup('b-3'));
      await send(queue, binary(startBackup('before')), failing, binary(startBackup('after')));
      const worker = await work(queue.name);
      expect(await receiveAll(deadLetters, 1)).toEqual([failing]);
      const handled = worker.lines.map((line) => line.split(' ')[1]);
      expect([...handled].sort()).toEqual(['after', 'b-1', 'b-1', 'b-3', 'b-3', 'before']);
      await worker.stop();
      expect(await queues.depth(queue)).toEqual([0, 0]);
    }, 60_000);

    it('leaves messages that nobody can handle in the queue and handles later messages', async () => {
      const { queue, deadLetters } = await queues.openWithDeadLetters();
      await send(queue, ...Object.values(POISON), binary(startBackup('after')));
      const worker = await work(queue.name);
      const left = await receiveAll(deadLetters, Object.keys(POISON).length);
      expect([...left].sort()).toEqual(Object.values(POISON).sort());
      await send(queue, binary(startBackup('later')));
      const handled = (await worker.until(4)).map((line) => line.split(' ')[1]);
      expect([...handled].sort()).toEqual(['after', 'later', 'twice', 'twice']);
      await worker.stop();
      expect(await queues.depth(queue)).toEqual([0, 0]);
    }, 90_000);

    it('a producer prints each stored request when a later request fails', async () => {
      const queue = await queues.open('refused');
      // SQS takes no such character, and of the protocols only JSON leaves it as it is.
      const { code, output } = await peer.run('producer', '--protocol=json', queue.name, 'alice', '\uffff', 'bob');
      expect(code).not.toBe(0);
      expect(output).toMatch(/^\S+\n$/);
      expect(await receiveAll(queue, 1)).toEqual([expect.stringContaining(output.trim())]);
      expect((await queues.depth(queue))[0]).toBe(0);
    }, 30_000);

    // To the compilers of the others a handler without the method is an error.
    if (language === 'python') {
      it('leaves a call in the queue when the handler lacks its method', async () => {
        const { queue, deadLetters } = await queues.openWithDeadLetters();
        const call = altered(whole, 'startBackup', 'pauseBackup');
        await send(queue, call);
        const folder = mkdtempSync(join(tmpdir(), 'peer-faults-'));
        try {
          generateWithPause(folder);
          const env = { ...sqs.env, AWS_ENDPOINT_URL: sqs.endpoint, PYTHONPATH: folder };
          const worker = await new Peer(language, env).startWorker(queue.name);
          workers.push(worker);
          expect(await receiveAll(deadLetters, 1)).toEqual([call]);
          expect((await worker.stop()).complaints).toMatch(/AttributeError: .*pauseBackup/);
        } finally {
          rmSync(folder, { recursive: true });
        }
      }, 60_000);
    }

    /** Each of them takes a request to SQS, so that a signal comes before the last. */
    const many = Array.from({ length: 500 }, (_, i) => startBackup(`b-${i}`));

    it('ends after the current call on SIGTERM and leaves the whole message in the queue', async () => {
      const queue = await queues.open('many');
      const reports = await queues.open('many-reports');
      const bodies = [bytesOf('compact', ...many).toString('base64'), binary(startBackup('next'))];
      await send(queue, ...bodies);
      const worker = await work(`--reports=${reports.name}`, queue.name);
      await worker.until(1);
      const { code, complaints } = await worker.stop('SIGTERM');
      expect(worker.lines.length).toBeLessThan(many.length);
      expect(worker.lines.map((line) => line.split(' ')[1])).toEqual(worker.lines.map((_, i) => `b-${i}`));
      expect(await queues.depth(reports)).toEqual([worker.lines.length, 0]);
      expect(complaints).toBe('');
      // What a virtual machine of Java ends with.
      expect(code).toBe(language === 'java' ? 143 : 0);
      expect((await receiveAll(queue, bodies.length)).sort()).toEqual([...bodies].sort());
    }, 60_000);

    it('loses no call when the worker is killed', async () => {
      const queue = await queues.open('killed');
      const reports = await queues.open('killed-reports');
      await send(queue, bytesOf('json', ...many).toString());
      const killed = await work(`--reports=${reports.name}`, queue.name);
      await killed.until(1);
      await killed.stop('SIGKILL');
      expect(killed.lines.length).toBeLessThan(many.length);
      const handled = await (await work(queue.name)).until(many.length);
      expect(handled.map((line) => line.split(' ')[1])).toEqual(many.map((_, i) => `b-${i}`));
    }, 60_000);

    it('resumes work when SQS is back', async () => {
      const name = 'outage';
      const outage = await startEmbeddedSqs();
      await outage.createQueue(name);
      const worker = await new Peer(language, { ...outage.env, AWS_ENDPOINT_URL: outage.endpoint }).startWorker(name);
      workers.push(worker);
      await outage.stop();
      await worker.complained();
      const back = await startEmbeddedSqs({ port: Number(new URL(outage.endpoint).port) });
      const { endpoint, region, credentials } = back;
      try {
        await back.createQueue(name);
        const queue = await openSqsQueue({ queue: name, endpoint, region, credentials });
        await send(queue, binary(startBackup('later')));
        await queue.close();
        expect(await worker.until(1)).toEqual(['startBackup later alice 1 -']);
      } finally {
        await worker.stop('SIGKILL');
        await back.stop();
      }
    }, 90_000);
  });
}
