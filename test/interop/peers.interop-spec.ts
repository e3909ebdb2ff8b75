import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import type { ProtocolName } from '../../lib/codec.js';
import { startEmbeddedSqs, type EmbeddedSqs } from '../../lib/testing.js';
import { build, LANGUAGES, Peer, type Running } from '../../sample/05-other-languages/peer.js';
import { describeReady } from './describe-ready.js';
import { BackupQueue, BackupReports, startNestEmitter, startNestWorker, type Received } from './nest-peer.js';

const PROTOCOLS: readonly ProtocolName[] = ['binary', 'compact', 'json'];

/** Pairs the call that Nest emits with the line that a worker of any language prints. */
const REQUESTS = [
  { request: { id: 'b-1', userId: 'alice', requestedAt: 0n }, line: 'startBackup b-1 alice 0 -' },
  {
    request: { id: 'b-2', userId: 'Zoë-漢字', requestedAt: 9_007_199_254_740_993n },
    line: 'startBackup b-2 Zoë-漢字 9007199254740993 -',
  },
  {
    request: { id: 'b-3', userId: 'bob', requestedAt: -(2n ** 63n), excludedFolders: new Set(['tmp', 'cache']) },
    line: 'startBackup b-3 bob -9223372036854775808 cache,tmp',
  },
];
const LINES = REQUESTS.map(({ line }) => line);

for (const language of LANGUAGES) {
  describeReady(`Apache Thrift and the AWS SDK in ${language}`, build(language), () => {
    let sqs: EmbeddedSqs;
    let peer: Peer;
    let queue: string;
    let count = 0;
    const apps: { close(): Promise<unknown> }[] = [];
    const workers: Running[] = [];

    const at = (name = queue) => ({
      queue: name,
      endpoint: sqs.endpoint,
      region: sqs.region,
      credentials: sqs.credentials,
    });

    beforeAll(async () => {
      sqs = await startEmbeddedSqs();
      peer = new Peer(language, { ...sqs.env, AWS_ENDPOINT_URL: sqs.endpoint });
    });

    afterAll(() => sqs.stop());

    beforeEach(async () => {
      queue = (await sqs.createQueue(`backup-${++count}`)).name;
    });

    afterEach(async () => {
      for (const worker of workers.splice(0)) await worker.stop('SIGKILL');
      for (const app of apps.splice(0)) await app.close();
    });

    async function work(...args: string[]): Promise<Running> {
      const worker = await peer.startWorker(...args);
      workers.push(worker);
      return worker;
    }

    async function receive(name?: string): Promise<Received> {
      const { app, received } = await startNestWorker(at(name));
      apps.push(app);
      return received;
    }

    async function emitRequests(options: { protocol: ProtocolName; pack?: boolean }): Promise<Set<string>> {
      const { app, client } = await startNestEmitter({ ...at(), service: BackupQueue, ...options });
      apps.push(app);
      const emits = REQUESTS.map(({ request }) => lastValueFrom(client.emit<string>('startBackup', { request })));
      return new Set(await Promise.all(emits));
    }

    it('handles the calls of Nest in each protocol', async () => {
      for (const protocol of PROTOCOLS) expect((await emitRequests({ protocol })).size).toBe(REQUESTS.length);
      const handled = await (await work(queue)).until(PROTOCOLS.length * REQUESTS.length);
      expect([...handled].sort()).toEqual(PROTOCOLS.flatMap(() => LINES).sort());
    }, 60_000);

    it('handles every call of a shared body of Nest in each protocol', async () => {
      for (const protocol of PROTOCOLS) expect((await emitRequests({ protocol, pack: true })).size).toBe(1);
      const handled = await (await work(queue)).until(PROTOCOLS.length * REQUESTS.length);
      expect(handled).toEqual(PROTOCOLS.flatMap(() => LINES));
    }, 60_000);

    it('handles calls that name one of several services, from a client with the option multiplexed', async () => {
      const { app, client } = await startNestEmitter({
        ...at(),
        service: [BackupQueue, BackupReports],
        multiplexed: true,
      });
      apps.push(app);
      await client.getService(BackupQueue)['startBackup']!(REQUESTS[0]!.request);
      await client.getService(BackupReports)['progress']!({ id: 'b-1', state: 2, filesDone: 3, filesTotal: 7 });
      const handled = await (await work(queue)).until(2);
      expect([...handled].sort()).toEqual(['progress b-1 COPYING 3/7', LINES[0]]);
    }, 60_000);

    it('reports each backup to Nest', async () => {
      await sqs.createQueue(`reports-${count}`);
      await emitRequests({ protocol: 'binary' });
      await work(`--reports=reports-${count}`, queue);
      const received = await receive(`reports-${count}`);
      await received.until(REQUESTS.length, 20_000);
      const done = { state: 3, filesDone: 3, filesTotal: 3, bytesDone: 0n, attempt: 1 };
      for (const { request } of REQUESTS) {
        expect(received.calls).toContainEqual({ method: 'progress', args: { progress: { id: request.id, ...done } } });
      }
    }, 60_000);

    it.each([[[]], [['--packed']], [['--packed', '--multiplexed']]])(
      'emits calls that Nest handles in each protocol with the flags %j',
      async (flags) => {
        const before = BigInt(Date.now());
        const users = ['alice', 'Zoë-漢字'];
        const ids: string[] = [];
        for (const protocol of PROTOCOLS) {
          ids.push(...(await peer.produce(`--protocol=${protocol}`, ...flags, '--without=tmp,cache', queue, ...users)));
        }
        const received = await receive();
        await received.until(ids.length, 20_000);
        const requests = received.calls.map(({ args }) => args['request'] as { requestedAt: bigint });
        const excludedFolders = new Set(['cache', 'tmp']);
        for (const [at, id] of ids.entries()) {
          const userId = users[at % users.length];
          expect(requests).toContainEqual({ id, userId, requestedAt: expect.any(BigInt), excludedFolders });
        }
        for (const { requestedAt } of requests) expect(requestedAt).toBeGreaterThanOrEqual(before);
      },
      60_000,
    );

    it('ends cleanly on SIGINT while the worker waits for messages', async () => {
      const worker = await work(queue);
      const { code, complaints } = await worker.stop('SIGINT');
      expect(complaints).toBe('');
      // What a virtual machine of Java ends with.
      expect(code).toBe(language === 'java' ? 130 : 0);
    }, 30_000);
  });
}
