/** Runs Nest, Python, Java and Go on one queue with one IDL. They ask each other for backups. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { BackupController } from './backup.controller.js';
import { BackupQueue, BackupReports } from '../generated/backup.js';
import { build, LANGUAGES, Peer, type Language } from './peer.js';
import { SeenService } from './seen.service.js';

const NAMES: Readonly<Record<Language, string>> = { python: 'Python', java: 'Java', go: 'Go' };

const built = LANGUAGES.filter((language) => {
  const missing = build(language);
  if (missing !== undefined) console.log(`${NAMES[language]}: skipped, ${missing}`);
  return missing === undefined;
});

const sqs = await startEmbeddedSqs();
const { region, endpoint, credentials } = sqs;
const access = { region, endpoint, credentials };
const env = { ...sqs.env, AWS_ENDPOINT_URL: endpoint };

@Module({ providers: [SeenService], controllers: [BackupController] })
class BackupModule {}

await sqs.createQueue('to-nest');
const strategy = new ServerSqsThrift({
  ...access,
  queue: 'to-nest',
  service: [BackupQueue, BackupReports],
  waitTimeSeconds: 1,
});
const app = await ThriftFactory.createMicroservice(BackupModule, strategy, { logger: ['error'] });
await app.listen();
const seen = app.get(SeenService, { strict: false });

/**
 * Returns the users that a worker in another language printed, sorted because a standard queue
 * keeps no order.
 */
const users = (lines: readonly string[]): string =>
  lines
    .map((line) => line.split(' ')[2])
    .sort()
    .join(', ');

/**
 * Lets Nest request backups, which the language handles and reports to Nest. Then the language
 * requests backups, and Nest handles them.
 */
async function meetNest(language: Language): Promise<void> {
  const name = NAMES[language];
  const queue = `to-${language}`;
  await sqs.createQueue(queue);
  const client = new ClientSqsThrift({ ...access, queue, service: BackupQueue });
  const peer = new Peer(language, env);
  const worker = await peer.startWorker('--reports=to-nest', queue);
  try {
    const backups = client.getService(BackupQueue);
    for (const userId of ['alice', 'bob']) {
      await backups.startBackup({ id: crypto.randomUUID(), userId, requestedAt: BigInt(Date.now()) });
    }
    console.log(`${name}: Nest → ${name}: ${users(await worker.until(2))}`);
    console.log(`${name}: its reports → Nest: ${await seen.take(2)}`);
    for (const protocol of ['binary', 'compact', 'json']) {
      await peer.produce(`--protocol=${protocol}`, '--packed', 'to-nest', `${protocol}-1`, `${protocol}-2`);
    }
    console.log(`${name}: ${name} → Nest: ${await seen.take(6)}`);
  } finally {
    await client.close();
    await worker.stop();
  }
}

/** Runs a web server in one language and its background process in another. */
async function meetEachOther(): Promise<void> {
  await sqs.createQueue('backup');
  const web = await new Peer('java', env).startWebServer('backup');
  const worker = await new Peer('python', env).startWorker('backup');
  try {
    const answers = [];
    for (const user of ['carol', 'dave']) answers.push(await fetch(`${web.url}/backups/${user}`, { method: 'POST' }));
    const handled = users(await worker.until(answers.length));
    console.log(`Java and Python: the web server answered ${answers.map(({ status }) => status).join(', ')}`);
    console.log(`Java and Python: Java web server → Python worker: ${handled}`);
  } finally {
    await web.running.stop();
    await worker.stop();
  }
}

try {
  for (const language of built) await meetNest(language);
  if (built.includes('java') && built.includes('python')) await meetEachOther();
  else console.log('Java and Python: skipped, one of them is');
} finally {
  await app.close();
  await sqs.stop();
}
