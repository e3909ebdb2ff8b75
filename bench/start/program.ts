/**
 * Loads and connects one thing in a fresh process, and prints the cost as JSON.
 *
 * Runs from standard input in a folder whose packages it measures. So it imports only packages, and
 * only while the time runs.
 */
import type { SubjectName } from './subjects.js';

const [subject, endpoint = ''] = process.argv.slice(2) as [SubjectName, string?];
const access = { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } };
const queue = 'bench';

const SUBJECTS: Readonly<Record<SubjectName, () => Promise<unknown>>> = {
  nothing: () => Promise.resolve(),
  undici: () => import('undici'),
  sdk: () => import('@aws-sdk/client-sqs'),
  async nest() {
    await import('reflect-metadata');
    await import('@nestjs/microservices');
  },
  async package() {
    await import('reflect-metadata');
    await import('nestjs-sqs-thrift');
  },
  async client() {
    await import('reflect-metadata');
    const { ClientSqsThrift, loadService } = await import('nestjs-sqs-thrift');
    const service = loadService('idl/backup.thrift', 'BackupQueue');
    await new ClientSqsThrift({ ...access, queue, service }).connect();
  },
  async worker() {
    await import('reflect-metadata');
    const { Controller, Module } = await import('@nestjs/common');
    const { EventPattern } = await import('@nestjs/microservices');
    const { loadService, ServerSqsThrift, ThriftFactory } = await import('nestjs-sqs-thrift');
    const service = loadService('idl/backup.thrift', 'BackupQueue');

    @Controller()
    class BackupController {
      @EventPattern<string>('startBackup')
      start(): void {}
    }

    @Module({ controllers: [BackupController] })
    class WorkerModule {}

    const strategy = new ServerSqsThrift({ ...access, queue, service });
    const app = await ThriftFactory.createMicroservice(WorkerModule, strategy, { logger: ['error'] });
    await app.listen();
  },
};

const [from, cpuFrom] = [performance.now(), process.cpuUsage()];
await SUBJECTS[subject]();
const ms = performance.now() - from;
const { user, system } = process.cpuUsage(cpuFrom);
const rss = process.memoryUsage.rss();
process.stdout.write(JSON.stringify({ ms, cpuMs: (user + system) / 1000, rssMb: rss / 1e6 }), () => process.exit(0));
