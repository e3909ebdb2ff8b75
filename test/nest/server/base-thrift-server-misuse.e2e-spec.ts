import { Controller, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomStrategy, EventPattern } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, loadService, ServerSqsThrift } from 'nestjs-sqs-thrift';
import type { SqsQueueOptions } from 'nestjs-sqs-thrift/port';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater } from '../harness.js';

/** Limits the time in ms until a mistake is reported. */
const SOON_MS = 5_000;

const BackupQueue = loadService('idl/backup.thrift', 'BackupQueue');
const request = { id: 'b1', userId: 'alice', requestedAt: 1n };

@Controller()
class BackupController {
  @EventPattern<string>('startBackup')
  start(): void {}
}

@Module({ controllers: [BackupController] })
class AppModule {}

let sqs: EmbeddedSqs;
const environment = { ...process.env };
beforeAll(async () => {
  Logger.overrideLogger(false);
  sqs = await startEmbeddedSqs();
  await sqs.createQueue('backup');
});
afterAll(() => sqs.stop());
afterEach(async () => {
  process.env = { ...environment };
  await closeAll();
});

/** Options that work, but for what a test changes. */
function options(change: Partial<SqsQueueOptions> = {}): SqsQueueOptions {
  const { endpoint, region, credentials } = sqs;
  return { queue: 'backup', endpoint, region, credentials, ...change };
}

async function listen(change: Partial<SqsQueueOptions>): Promise<void> {
  const strategy = new ServerSqsThrift({ ...options(change), service: BackupQueue, waitTimeSeconds: 0 });
  const app = closeLater(await NestFactory.createMicroservice<CustomStrategy>(AppModule, { strategy, logger: false }));
  await app.listen();
}

async function emit(change: Partial<SqsQueueOptions>): Promise<void> {
  const client = closeLater(
    new ClientSqsThrift({ ...options(change), service: BackupQueue, deliveryTimeoutMs: 1_000 }),
  );
  await lastValueFrom(client.emit('startBackup', { request }));
}

async function messageOf(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  return (error as Error).message;
}

describe.each([
  ['a worker', listen],
  ['a client', emit],
])('%s', (_who, use) => {
  it('works with valid options', () => expect(use({})).resolves.toBeUndefined(), SOON_MS);

  it(
    'names the queue, the region, the endpoint and the remedy for an unknown queue',
    async () => {
      const message = await messageOf(use({ queue: 'bakcup' }));
      expect(message).toMatch(/QueueDoesNotExist/);
      for (const part of ['bakcup', sqs.region, sqs.endpoint]) expect(message).toContain(part);
      expect(message).toMatch(/create it|check/i);
    },
    SOON_MS,
  );

  it(
    'names the endpoint that refuses connections',
    async () => {
      const message = await messageOf(use({ endpoint: 'http://127.0.0.1:1' }));
      expect(message).toContain('ECONNREFUSED');
      expect(message).toContain('http://127.0.0.1:1');
    },
    SOON_MS,
  );

  it(
    'explains how to set missing credentials',
    async () => {
      for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
      Object.assign(process.env, {
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        AWS_CONFIG_FILE: '/dev/null',
      });
      const message = await messageOf(use({ credentials: undefined }));
      expect(message).toMatch(/credentials/i);
      expect(message).toContain('AWS_ACCESS_KEY_ID');
    },
    SOON_MS,
  );

  it(
    'explains how to set a missing region',
    async () => {
      for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
      Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_CONFIG_FILE: '/dev/null' });
      const message = await messageOf(use({ region: undefined }));
      expect(message).toMatch(/region/i);
      expect(message).toContain('AWS_REGION');
    },
    SOON_MS,
  );
});

describe('the contract', () => {
  it('names a missing IDL file with its absolute path', () => {
    expect(() => loadService('idl/bakcup.thrift', 'BackupQueue')).toThrow(`${process.cwd()}/idl/bakcup.thrift`);
  });

  it('names the available services when a service is missing', () => {
    expect(() => loadService('idl/backup.thrift', 'BackupQueu')).toThrow(/"BackupQueu".*BackupQueue.*BackupReports/s);
  });

  it.each<[string, unknown, RegExp]>([
    ['startBakcup', { request }, /BackupQueue has no method "startBakcup"; its oneway methods: startBackup/],
    ['startBackup', { request: { ...request, id: 7 } }, /startBackup\.request\.id: expected string, got an integer/],
    ['startBackup', { request: { ...request, userId: undefined } }, /startBackup\.request\.userId.*required/],
    ['startBackup', { request: { ...request, requestedAt: 2n ** 63n } }, /startBackup\.request\.requestedAt.*i64/],
    ['startBackup', { request: { ...request, requestedAt: 1.5 } }, /startBackup\.request\.requestedAt.*i64/],
    ['startBackup', { request: { ...request, excludedFolders: [1] } }, /startBackup\.request\.excludedFolders/],
    ['startBackup', 'alice', /startBackup/],
  ])(
    'names the mismatch with the contract in the error of emit(%j)',
    async (method, data, message) => {
      const client = closeLater(new ClientSqsThrift({ ...options(), service: BackupQueue }));
      expect(await messageOf(lastValueFrom(client.emit(method, data)))).toMatch(message);
    },
    SOON_MS,
  );
});
