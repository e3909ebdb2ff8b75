import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, SqsThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { openSqsQueue } from 'nestjs-sqs-thrift/port';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { freePort } from '../free-port.js';
import { blocksOf, fragmentsOf, PagePrograms, pageText, until } from './page-programs.js';

/** Pages whose programs run in suites of their own. */
const ELSEWHERE = new Set([
  'carriers.md',
  'carrier-authors.md',
  'health.md',
  'lambda.md',
  'metrics.md',
  'observability.md',
  'testing.md',
]);
const pages = readdirSync('docs').filter((name) => name.endsWith('.md') && !ELSEWHERE.has(name));
const texts = ['README.md', ...pages.map((name) => join('docs', name))].map(pageText);

/** Names that parts of programs use and do not import. */
const AROUND_FRAGMENTS = `
import { randomUUID } from 'node:crypto';
import { Body, Controller, Inject, Module, Post } from '@nestjs/common';
import { BaseThriftClient, ServerSqsThrift, type ThriftContext, ThriftController, ThriftFactory } from 'nestjs-sqs-thrift';
import type { Observable } from 'rxjs';
import {
  BackupQueue,
  type BackupQueueHandlers,
  type BackupQueueMethods,
  type BackupRequestInput,
  type StartBackupArgs,
} from './generated/backup.js';
declare function copyFiles(userId: string, signal: AbortSignal): Promise<void>;
declare function requestsOf(users: readonly string[]): Iterable<{ request: BackupRequestInput }>;
declare const users: readonly string[];
declare const client: BaseThriftClient<BackupQueueMethods>;
const BACKUP = 'BACKUP';
class StartBackup { userId!: string; }
@Module({})
class WorkerModule {}
export const used = [randomUUID, Body, Controller, Inject, Post, ServerSqsThrift, ThriftController, ThriftFactory, BackupQueue, copyFiles, requestsOf, users, client, BACKUP, StartBackup, WorkerModule];
export type Used = [Observable<string>, BackupQueueHandlers<ThriftContext>, StartBackupArgs];
`;

const programs = new PagePrograms('build/pages');
let sqs: EmbeddedSqs;

beforeAll(async () => {
  const shown = texts.flatMap((text) => [...blocksOf(text)]);
  expect(new Set(shown.map(([name]) => name)).size).toBe(shown.length);
  for (const [name, text] of shown) programs.write(name, text);
  texts.flatMap(fragmentsOf).forEach((text, at) => {
    const own = text.startsWith('import ') ? '' : AROUND_FRAGMENTS;
    programs.write(`fragment-${at}.ts`, `${own}${text}`);
  });
  programs.generate(pageText('docs/getting-started.md'));
  programs.addApacheCode(join('test', 'thrift', 'generated', 'transport'));
  programs.compile();
  sqs = await startEmbeddedSqs();
  for (const name of ['backup', 'backup-calls', 'invoices', 'reminders', 'reminders-failed', 'mails', 'images']) {
    await sqs.createQueue(name);
  }
}, 120_000);

afterEach(() => programs.end());
afterAll(() => sqs?.stop());

/** Starts a program, which finds its SQS by the AWS SDK's own environment. */
const start = (name: string): ReturnType<PagePrograms['start']> => programs.start(name, sqs.env);

describe('the README', () => {
  it('shows a quick start that prints what the page says, and is the sample 00', async () => {
    const readme = pageText('README.md');
    const program = blocksOf(readme).get('quick-start.ts')!;
    expect(program).toBe(readFileSync('sample/00-quick-start/run.ts', 'utf8'));
    expect(program.split('\n').length).toBeLessThanOrEqual(46);
    const [, expected] = /```text\n([\s\S]*?)```/.exec(readme)!;
    const { lines, child } = programs.start('quick-start.js');
    for (const line of expected!.trimEnd().split('\n')) expect((await lines.next()).value).toBe(line);
    const [code] = child.exitCode === null ? ((await once(child, 'exit')) as [number | null]) : [child.exitCode];
    expect(code).toBe(0);
  }, 30_000);

  it('has 150 lines at most, and shows npm start and npm test in its first shell block', () => {
    const readme = pageText('README.md');
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
    const commands = /```sh\n(.*)\n(.*)\n```/.exec(readme)!;
    expect(commands[1]).toMatch(/^npm ci && npm start /);
    expect(commands[2]).toMatch(/^npm ci && npm test /);
  });
});

describe('the first page', () => {
  it('shows programs that work together without changes, also with code of the Apache compiler', async () => {
    const worker = start('worker.js');
    await until(worker.lines, /Nest microservice successfully started/);
    const web = start('web.js');
    const [, url] = await until(web.lines, /^listening on (\S+)/);
    const response = await fetch(`${url}/backups`, { method: 'POST' });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    await until(worker.lines, /^backup of alice, delivery 1$/);
    await until(start('nightly.js').lines, /^stored as [0-9a-f-]{36}$/);
    await until(worker.lines, /^backup of bob, delivery 1$/);
  }, 60_000);
});

describe('the page on emitting', () => {
  it('shows an emitting program that works without changes', async () => {
    const { child, lines } = start('emitting.js');
    await until(lines, /^stored 2 calls$/);
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    expect(code).toBe(0);
  });
});

describe('the page on handling', () => {
  it('shows a worker that retries and dead-letters as documented', async () => {
    const schema = loadSchemaFromText('service Reminders { oneway void remind(1: string userId) }');
    const { region, endpoint, credentials } = sqs;
    const access = { region, endpoint, credentials };
    const client = new ClientSqsThrift({ ...access, queue: 'reminders', service: findService(schema, 'Reminders') });
    const worker = start('handling.js');
    for (const userId of ['nobody', 'carol']) await lastValueFrom(client.emit('remind', { userId }));
    await until(worker.lines, /^reminded carol, delivery 2$/);
    const dead = await openSqsQueue({ ...access, queue: 'reminders-failed' });
    const [letter] = await dead.receive({ max: 1, waitSeconds: 20, visibilityTimeoutSeconds: 30 });
    expect(JSON.parse(letter!.attributes['thrift-dead-letter']!)).toMatchObject({
      reason: 'handler-rejected',
      detail: 'there is no user nobody',
      receiveCount: 1,
      count: 1,
    });
    await Promise.all([client.close(), dead.close()]);
  }, 30_000);
});

describe('the page on handling, on several queues', () => {
  it('shows a worker that handles the calls of two queues', async () => {
    const schema = loadSchemaFromText(`
      service Mails { oneway void send(1: string to) }
      service Images { oneway void scale(1: string file) }`);
    const { region, endpoint, credentials } = sqs;
    const clients = [
      ['mails', 'Mails'],
      ['images', 'Images'],
    ].map(
      ([queue, service]) =>
        new ClientSqsThrift({ region, endpoint, credentials, queue, service: findService(schema, service!) }),
    );
    const worker = start('several.js');
    await lastValueFrom(clients[0]!.emit('send', { to: 'dora' }));
    await until(worker.lines, /^mail to dora$/);
    await lastValueFrom(clients[1]!.emit('scale', { file: 'dora.png' }));
    await until(worker.lines, /^scaled dora.png$/);
    await Promise.all(clients.map((client) => client.close()));
  }, 30_000);
});

describe('the page on idempotency', () => {
  it('shows a worker that handles an event once', async () => {
    const schema = loadSchemaFromText('service Invoices { oneway void charge(1: string invoice) }');
    const { region, endpoint, credentials } = sqs;
    const service = findService(schema, 'Invoices');
    const client = new ClientSqsThrift({ region, endpoint, credentials, queue: 'invoices', service });
    const worker = start('once.js');
    const again = new SqsThriftRecordBuilder({ invoice: 'again' }).setEventId('charge-17').build();
    const first = new SqsThriftRecordBuilder({ invoice: '17' }).setEventId('charge-17').build();
    await lastValueFrom(client.emit('charge', first));
    await until(worker.lines, /^charged 17 for event charge-17$/);
    await lastValueFrom(client.emit('charge', again));
    const id = await lastValueFrom(client.emit('charge', { invoice: '18' }));
    const [, invoice, event] = await until(worker.lines, /^charged (\S+) for event (\S+)$/);
    expect([invoice, event]).toEqual(['18', id]);
    await client.close();
  }, 30_000);
});

describe('the page on generated types', () => {
  it('shows a worker and a client with types', async () => {
    const worker = start('typed-worker.js');
    await until(worker.lines, /receiving from queue "backup"/);
    await until(start('typed-client.js').lines, /^stored 2 calls$/);
    for (let call = 0; call < 2; call += 1) {
      await until(worker.lines, /^backup of erin without cache, tmp, delivery 1$/);
    }
  }, 30_000);
});

describe('the page on migration', () => {
  it('shows an application that emits and handles', async () => {
    const { lines } = start('from-ssut.js');
    const [, url] = await until(lines, /^listening on (\S+)/);
    expect((await fetch(`${url}/backups`, { method: 'POST' })).status).toBe(201);
    await until(lines, /^backup of alice$/);
  }, 30_000);
});

describe('the page on local development', () => {
  it('shows a program that brings an SQS for another program', async () => {
    const { lines } = programs.start('dev.js ./worker.js');
    await until(lines, /receiving from queue "backup" \(region us-east-1, endpoint http:/);
  }, 30_000);
});

describe('the page on deployment', () => {
  it('shows a web application that answers 503 in an outage', async () => {
    const env = { ...sqs.env, AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${await freePort()}` };
    const [, url] = await until(programs.start('web-outage.js', env).lines, /^listening on (\S+)/);
    const response = await fetch(`${url}/backups`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'b1' }),
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ message: 'Backups cannot be started now. Try again.' });
  }, 30_000);
});
