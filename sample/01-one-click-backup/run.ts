/**
 * Starts all processes, requests 25 backups and prints their results. With `--serve` the page stays
 * up instead.
 */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backup } from './web/backups.service.js';
import { startProcess } from './start-process.js';
import { startPorts, startQueues } from './start-queues.js';

const BACKUPS = 25;
const FILES = 40;
const DEADLINE_MS = 60_000;

const stops: (() => Promise<unknown>)[] = [];
const root = await mkdtemp(join(tmpdir(), 'one-click-backup-'));
stops.push(() => rm(root, { recursive: true, force: true }));

async function makeFiles(userId: string): Promise<void> {
  for (let i = 0; i < FILES; i += 1) {
    const folder = join(root, 'users', userId, `folder-${i % 5}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `file-${i}.txt`), `file ${i} of ${userId}\n`.repeat(50 + i));
  }
}

/** Requests one backup. Returns the time of the answer, or undefined if the request was refused. */
async function post(url: string, userId: string): Promise<number | undefined> {
  const from = performance.now();
  const body = JSON.stringify({ userId });
  const response = await fetch(`${url}/backups`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  await response.json();
  return response.status === 202 ? performance.now() - from : undefined;
}

async function list(url: string): Promise<Backup[]> {
  return (await (await fetch(`${url}/backups`)).json()) as Backup[];
}

function showProgress(backups: Backup[], last = false): void {
  const done = backups.filter((backup) => backup.timesDone > 0).length;
  const files = backups.reduce((sum, backup) => sum + backup.filesDone, 0);
  const line = `  [${'#'.repeat(done)}${'-'.repeat(BACKUPS - done)}] ${done}/${BACKUPS} backups, ${files} files`;
  if (process.stdout.isTTY) process.stdout.write(`\r${line}`);
  else if (last) process.stdout.write(line);
}

/** Reads the live events of the page until every backup is done or the deadline has passed. */
async function untilDone(url: string): Promise<Backup[]> {
  // Kept as a whole until it is read: fetch ends the body of a response that was collected as garbage.
  const response = await fetch(`${url}/events`, { signal: AbortSignal.timeout(DEADLINE_MS) });
  const allDone = (backups: Backup[]): boolean => backups.filter((backup) => backup.timesDone > 0).length === BACKUPS;
  let backups = await list(url);
  try {
    if (!allDone(backups)) {
      for await (const _event of response.body!) {
        showProgress((backups = await list(url)));
        if (allDone(backups)) break;
      }
    }
  } catch {
    backups = await list(url);
  }
  showProgress(backups, true);
  return backups;
}

function summarise(times: (number | undefined)[], backups: Backup[]): boolean {
  const accepted = times.filter((time) => time !== undefined);
  const handled = backups.filter((backup) => backup.timesDone > 0).length;
  const failed = backups.filter((backup) => backup.state === 'FAILED').length;
  const lost = accepted.length - handled - failed;
  const rows: [string, number | string][] = [
    ['accepted', accepted.length],
    ['handled', handled],
    ['failed', failed],
    ['lost', lost],
    ['duplicated', backups.filter((backup) => backup.timesDone > 1).length],
    ['slowest POST', `${Math.max(0, ...accepted).toFixed(0)} ms`],
  ];
  console.log(`\n\n${rows.map(([name, value]) => `  ${name.padEnd(14)}${value}`).join('\n')}\n`);
  return accepted.length === BACKUPS && handled === BACKUPS && lost === 0;
}

async function demonstrate(url: string): Promise<void> {
  console.log(`Asking for ${BACKUPS} backups of ${FILES} files each …`);
  const users = Array.from({ length: BACKUPS }, (_, i) => `user-${i}`);
  await Promise.all(users.map(makeFiles));
  const watched = untilDone(url);
  const times = await Promise.all(users.map((user) => post(url, user)));
  process.exitCode = summarise(times, await watched) ? 0 : 1;
}

async function stopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

try {
  const over = process.env['OVER'] ?? 'sqs';
  const queues = await (over === 'sqs'
    ? startQueues(['backup', 'backup-reports'])
    : startPorts(['REQUESTS_PORT', 'REPORTS_PORT']));
  stops.push(queues.stop);
  console.log(
    over === 'sqs' ? `Queues "backup" and "backup-reports" on ${queues.where}` : `${over} on ${queues.where}`,
  );
  const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const env = { ...quiet, ...process.env, ...queues.env, BACKUP_ROOT: root };
  const web = await startProcess(new URL('./web/main.js', import.meta.url), env);
  stops.push(web.stop);
  const worker = await startProcess(new URL('./worker/main.js', import.meta.url), env);
  stops.push(worker.stop);
  console.log(`Web application (pid ${web.pid}) on ${web.message}, worker (pid ${worker.pid})`);
  if (process.argv.includes('--serve')) {
    await makeFiles('alice');
    console.log(`\n  Open ${web.message} and press the button. Ctrl+C ends it.\n`);
    await stopped();
  } else {
    await demonstrate(web.message);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop();
}
