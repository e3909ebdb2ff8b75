import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import { startEmbeddedSqs, type EmbeddedSqs } from '../../lib/testing.js';
import { BackupQueue, BackupReports, startNestEmitter, startNestWorker } from './nest-peer.js';
import { describeReady } from './describe-ready.js';
import { PythonPeer, whatIsMissing } from './python-peer.js';

/** Beyond what a double holds exactly, and the ends of i64. */
const LARGE = [9_007_199_254_740_993n, -(2n ** 63n), 2n ** 63n - 1n];

/** One request, as each side writes it down. */
interface Row<Nest = Record<string, unknown>> {
  readonly case: string;
  readonly nest: Nest;
  readonly python: Record<string, unknown>;
}

const REQUESTS: readonly Row[] = [
  {
    case: 'only what is required',
    nest: { id: 'b-1', userId: 'alice', requestedAt: 0n },
    python: { id: 'b-1', userId: 'alice', requestedAt: '0' },
  },
  {
    case: 'a set',
    nest: { id: 'b-2', userId: 'bob', requestedAt: 1n, excludedFolders: new Set(['cache', 'tmp']) },
    python: { id: 'b-2', userId: 'bob', requestedAt: '1', excludedFolders: ['cache', 'tmp'] },
  },
  {
    case: 'an empty set',
    nest: { id: 'b-3', userId: '', requestedAt: -1n, excludedFolders: new Set() },
    python: { id: 'b-3', userId: '', requestedAt: '-1', excludedFolders: [] },
  },
  ...LARGE.map((large) => ({
    case: `the i64 ${large}`,
    nest: { id: 'b-4', userId: 'Zoë 漢字 \u{1f4be}\u0000', requestedAt: large },
    python: { id: 'b-4', userId: 'Zoë 漢字 \u{1f4be}\u0000', requestedAt: String(large) },
  })),
];

const DEFAULTS = { filesDone: 0, filesTotal: 0, attempt: 1 };
const COUNTS = { filesDone: 2 ** 31 - 1, filesTotal: -(2 ** 31), attempt: 3, problem: 'disk full' };

const REPORTS: readonly Row[] = [
  {
    case: 'only what is required',
    nest: { id: 'b-1', state: 1 },
    python: { id: 'b-1', state: 1 },
  },
  {
    case: 'every field',
    nest: { id: 'b-2', state: 4, bytesDone: LARGE[0], ...COUNTS },
    python: { id: 'b-2', state: 4, bytesDone: String(LARGE[0]), ...COUNTS },
  },
];

/** Adds the defaults of the IDL, which arrive with the call. */
const arrived = {
  nest: (row: Row) => ({ ...DEFAULTS, bytesDone: 0n, ...row.nest }),
  python: (row: Row) => ({ ...DEFAULTS, bytesDone: '0', problem: null, ...row.python }),
};

function expectRequests(calls: readonly unknown[]): void {
  expect(calls).toHaveLength(REQUESTS.length);
  for (const row of REQUESTS) {
    expect(calls).toContainEqual({ method: 'startBackup', args: { excludedFolders: null, ...row.python } });
  }
}

describeReady('Apache Thrift and boto3 in Python', whatIsMissing(), () => {
  let sqs: EmbeddedSqs;
  let python: PythonPeer;
  let queue: string;
  let count = 0;
  const apps: { close(): Promise<unknown> }[] = [];

  const at = () => ({ queue, endpoint: sqs.endpoint, region: sqs.region, credentials: sqs.credentials });

  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
    python = new PythonPeer(sqs.env);
  });

  afterAll(async () => {
    python?.close();
    await sqs?.stop();
  });

  beforeEach(async () => {
    queue = (await sqs.createQueue(`backup-${++count}`)).name;
  });

  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });

  async function handledByNest(calls: number): Promise<{ method: string; args: Record<string, unknown> }[]> {
    const { app, received } = await startNestWorker(at());
    apps.push(app);
    await received.until(calls, 20_000);
    // Handlers run side by side and a standard queue keeps no order.
    return received.calls;
  }

  it('emits requests that Nest handles', async () => {
    await python.emit(
      [queue, 'BackupQueue'],
      REQUESTS.map((row) => [row.python]),
    );
    const calls = await handledByNest(REQUESTS.length);
    expect(calls).toHaveLength(REQUESTS.length);
    for (const row of REQUESTS) expect(calls).toContainEqual({ method: 'startBackup', args: { request: row.nest } });
  }, 60_000);

  it.each([[[]], [['--multiplexed']]])(
    'emits reports that Nest handles, with the flags %j',
    async (flags) => {
      await python.emit(
        [queue, 'BackupReports', ...flags],
        REPORTS.map((row) => [row.python]),
      );
      const calls = await handledByNest(REPORTS.length);
      for (const row of REPORTS) {
        expect(calls).toContainEqual({ method: 'progress', args: { progress: arrived.nest(row) } });
      }
    },
    60_000,
  );

  it('emits several calls in one message that Nest handles', async () => {
    await python.emit([queue, 'BackupQueue'], [REQUESTS.map((row) => row.python)]);
    const calls = await handledByNest(REQUESTS.length);
    expect(calls).toEqual(REQUESTS.map((row) => ({ method: 'startBackup', args: { request: row.nest } })));
  }, 60_000);

  it('handles requests that Nest emits', async () => {
    const { app, client } = await startNestEmitter({ ...at(), service: BackupQueue });
    apps.push(app);
    await Promise.all(REQUESTS.map((row) => lastValueFrom(client.emit('startBackup', { request: row.nest }))));
    expectRequests(await python.handle(queue, REQUESTS.length));
  }, 60_000);

  it('handles every request of a shared body of Nest', async () => {
    const { app, client } = await startNestEmitter({ ...at(), service: BackupQueue, pack: true });
    apps.push(app);
    const emits = REQUESTS.map((row) => lastValueFrom(client.emit<string>('startBackup', { request: row.nest })));
    expect(new Set(await Promise.all(emits)).size).toBe(1);
    expectRequests(await python.handle(queue, REQUESTS.length));
  }, 60_000);

  it('handles calls of several services that Nest emits', async () => {
    const { app, client } = await startNestEmitter({
      ...at(),
      service: [BackupQueue, BackupReports],
      multiplexed: true,
    });
    apps.push(app);
    await client.getService(BackupQueue)['startBackup']!(REQUESTS[1]!.nest);
    await Promise.all(REPORTS.map((row) => client.getService(BackupReports)['progress']!(row.nest)));
    const calls = await python.handle(queue, 1 + REPORTS.length, '--multiplexed');
    expect(calls).toContainEqual({ method: 'startBackup', args: REQUESTS[1]!.python });
    for (const row of REPORTS) expect(calls).toContainEqual({ method: 'progress', args: arrived.python(row) });
  }, 60_000);
});
