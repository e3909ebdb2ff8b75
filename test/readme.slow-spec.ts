import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, SqsThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { openSqsQueue } from 'nestjs-sqs-thrift/port';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';

const FOLDER = join('build', 'readme');
const readme = readFileSync('README.md', 'utf8');
const emitting = readFileSync('docs/emitting.md', 'utf8');
const handling = readFileSync('docs/handling.md', 'utf8');
const idempotency = readFileSync('docs/idempotency.md', 'utf8');

let sqs: EmbeddedSqs;
const children: ChildProcess[] = [];

beforeAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const programs = [
    ...`${readme}${emitting}${handling}${idempotency}`.matchAll(/```ts\n\/\/ file: (\S+)\n([\s\S]*?)```/g),
  ];
  for (const [, name, text] of programs) writeFileSync(join(FOLDER, name!), text!);
  // What the Apache compiler makes of the README's IDL.
  cpSync(join('test', 'thrift', 'generated', 'transport'), join(FOLDER, 'gen-nodejs'), { recursive: true });
  writeFileSync(join(FOLDER, 'gen-nodejs', 'package.json'), JSON.stringify({ type: 'commonjs' }));
  const config = {
    extends: '../../tsconfig.programs.json',
    // Beside its output, so that the compiler knows when the output is gone.
    compilerOptions: { rootDir: '.', outDir: '.', tsBuildInfoFile: '.tsbuildinfo' },
    include: ['*.ts'],
    exclude: [],
  };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
  execFileSync(process.execPath, [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', FOLDER], {
    stdio: 'inherit',
  });
  sqs = await startEmbeddedSqs();
  await sqs.createQueue('backup');
  await sqs.createQueue('invoices');
  await sqs.createQueue('reminders');
  await sqs.createQueue('reminders-failed');
  await sqs.createQueue('mails');
  await sqs.createQueue('images');
}, 30_000);

afterAll(async () => {
  for (const child of children.filter((one) => one.exitCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await sqs?.stop();
});

/** Starts a program of the README, which finds its SQS by the AWS SDK's own environment. */
function start(name: string): { lines: AsyncIterableIterator<string>; child: ChildProcess } {
  const env = { ...process.env, ...sqs.env, PORT: '0' };
  const child = spawn(process.execPath, [join(FOLDER, name)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() };
}

async function until(lines: AsyncIterableIterator<string>, pattern: RegExp): Promise<RegExpExecArray> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const match = pattern.exec(next.value);
    if (match) return match;
  }
  throw new Error(`the program ended before it said ${String(pattern)}`);
}

describe('the README', () => {
  it('shows programs that work together without changes', async () => {
    expect([...readme.matchAll(/\/\/ file: (\S+)/g)].map(([, name]) => name)).toEqual([
      'worker.ts',
      'web.ts',
      'nightly.ts',
    ]);
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
  }, 30_000);

  it('shows npm start and npm test in its first shell block', () => {
    const commands = /```sh\n(.*)\n(.*)\n```/.exec(readme)!;
    expect(commands[1]).toMatch(/^npm ci && npm start /);
    expect(commands[2]).toMatch(/^npm ci && npm test /);
  });

  it('shows the IDL that the sample uses', () => {
    const idl = readFileSync('idl/backup.thrift', 'utf8').replace(/^\s*\/\*\*.*\*\/\n/gm, '');
    const shown = /```thrift\n([\s\S]*?)```/.exec(readme)![1]!;
    for (const part of shown.trim().split('\n\n')) expect(idl).toContain(part);
  });
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
