import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/** Source files of the applications. `EXT` stands for the ending of relative imports: `.js`, or nothing in CommonJS. */

/** As `nest new` writes it, and with a handler. */
const CONTROLLER = `import { Controller, Get } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { RetryEventException, SqsThriftContext } from 'nestjs-sqs-thrift';
import { AppService } from './app.serviceEXT';
import { type StartBackupArgs } from './generated/backupEXT';

@Controller()
export class AppController {
  constructor(private readonly appService: AppService) {}

  @Get()
  getHello(): string {
    return this.appService.getHello();
  }

  @EventPattern<string>('startBackup')
  startBackup(@Payload() args: StartBackupArgs, @Ctx() context: SqsThriftContext): void {
    if (context.getReceiveCount() === 1) throw new RetryEventException(0, 'once more');
    this.appService.handled(\`\${args.request.userId} \${args.request.requestedAt}\`);
  }
}
`;

const SERVICE = `import { Injectable } from '@nestjs/common';

@Injectable()
export class AppService {
  private readonly waiting: ((text: string) => void)[] = [];

  getHello(): string {
    return 'Hello World!';
  }

  handled(text: string): void {
    for (const resolve of this.waiting.splice(0)) resolve(text);
  }

  nextHandled(): Promise<string> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
`;

const MODULE = `import { Module } from '@nestjs/common';
import { AppController } from './app.controllerEXT';
import { AppService } from './app.serviceEXT';

@Module({
  imports: [],
  controllers: [AppController],
  providers: [AppService],
})
export class AppModule {}
`;

/** As `nest new` writes it. */
const UNTOUCHED_SPEC = `import { Test, TestingModule } from '@nestjs/testing';
import { AppController } from './app.controllerEXT';
import { AppService } from './app.serviceEXT';

describe('AppController', () => {
  let appController: AppController;

  beforeEach(async () => {
    const app: TestingModule = await Test.createTestingModule({
      controllers: [AppController],
      providers: [AppService],
    }).compile();

    appController = app.get<AppController>(AppController);
  });

  describe('root', () => {
    it('should return "Hello World!"', () => {
      expect(appController.getHello()).toBe('Hello World!');
    });
  });
});
`;

/** Emits one call to an embedded SQS, and handles it at its second delivery. */
const ROUND_TRIP = `import { ClientSqsThrift, QueueError, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { AppModule } from './app.moduleEXT';
import { AppService } from './app.serviceEXT';
import { BackupQueue } from './generated/backupEXT';

export async function roundTrip(): Promise<string> {
  const sqs = await startEmbeddedSqs();
  await sqs.createQueue('backup');
  const { endpoint, region } = sqs;
  const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
  const options = { queue: 'backup', service: BackupQueue, endpoint, region, credentials };
  const strategy = new ServerSqsThrift({ ...options, waitTimeSeconds: 1 });
  const app = await ThriftFactory.createMicroservice(AppModule, strategy, { logger: false });
  const handled = app.get(AppService).nextHandled();
  await app.listen();
  const client = new ClientSqsThrift(options);
  await lastValueFrom(client.emit('startBackup', { request: { id: 'b', userId: 'u', requestedAt: 7n } }), { defaultValue: undefined });
  const text = await handled;
  const missing = await new ClientSqsThrift({ ...options, queue: 'missing' }).connect().catch((error: unknown) => error);
  await client.close();
  await app.close();
  await sqs.stop();
  return \`\${text} \${missing instanceof QueueError ? missing.kind : String(missing)}\`;
}
`;

const EXPECTED = 'u 7 missing-queue';

const ROUND_TRIP_SPEC = `import { roundTrip } from './round-tripEXT';

describe('the transport', () => {
  it('carries a call to its handler', async () => {
    expect(await roundTrip()).toBe('${EXPECTED}');
  }, 30_000);
});
`;

const MAIN = `import 'reflect-metadata';
import { roundTrip } from './round-tripEXT';

void roundTrip().then((text) => {
  if (text !== '${EXPECTED}') throw new Error(text);
  console.log('handled', text);
});
`;

/** Returns the files of an application, without the generated module. */
export function application(extension) {
  const files = {
    'src/app.controller.ts': CONTROLLER,
    'src/app.service.ts': SERVICE,
    'src/app.module.ts': MODULE,
    'src/app.controller.spec.ts': UNTOUCHED_SPEC,
    'src/round-trip.ts': ROUND_TRIP,
    'src/round-trip.spec.ts': ROUND_TRIP_SPEC,
    'src/main.ts': MAIN,
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll('EXT', extension)]));
}

/** Uses every subpath, with its types. */
export const EVERY_SUBPATH = `import { ClientSqsThrift, type SqsThriftContext } from 'nestjs-sqs-thrift';
import { createEventCodec, registerCodecs, type Schema, ThriftReadError } from 'nestjs-sqs-thrift/codec';
import { IdlError, loadService } from 'nestjs-sqs-thrift/idl';
import { type MessageSender, QueueError, type ReceivedMessage, type WireMessage } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue, startEmbeddedSqs, VirtualClock } from 'nestjs-sqs-thrift/testing';

const service = loadService('idl/backup.thrift', 'BackupQueue');
export const client: ClientSqsThrift = new ClientSqsThrift({ queue: 'backup', service });
export const reason = (error: ThriftReadError): string => error.reason;
export const signal = (context: SqsThriftContext): AbortSignal => context.signal;
export const started = (): Promise<number> => startEmbeddedSqs().then(({ endpoint }) => endpoint.length);
export const kind = (error: QueueError | IdlError): string => error.code;
export const files = (schema: Schema): readonly string[] => schema.files;
export const bodyOf = (message: ReceivedMessage | WireMessage): string => String(message.body);
export const sender: MessageSender = createMemoryQueue();
export const time: number = new VirtualClock().now();
export const register: typeof registerCodecs = registerCodecs;

const codec = createEventCodec([service]);
const [call] = codec.decode(codec.encode({ method: 'startBackup', args: { request: { id: 'b', userId: 'u', requestedAt: 1n } } }));
if ((call?.args['request'] as { userId?: string } | undefined)?.userId !== 'u') throw new Error('the call came back changed');
console.log('every subpath works');
`;

/** Exports values without annotations; see test/types/declarations. */
export const DECLARATIONS = readFileSync(join(root, 'test', 'types', 'declarations', 'exports.ts'), 'utf8');

/** Uses a generated module, whose codecs need no evaluation of strings. */
export const USE_GENERATED = `import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { BackupQueue, type StartBackupArgs, type StartBackupArgsInput } from './generated/backup.js';

const args: StartBackupArgsInput = { request: { id: 'b', userId: 'u', requestedAt: 1 } };
const codec = createEventCodec([BackupQueue]);
const [call] = codec.decode(codec.encode({ method: 'startBackup', args: { ...args } }));
const { request } = call!.args as unknown as StartBackupArgs;
if (request.requestedAt !== 1n) throw new Error('the generated module does not work');
console.log('the generated module works');
`;

/**
 * Loads both builds in one process, as an application does whose own code is of both kinds. Runs
 * where strings cannot be evaluated, so the codecs of the generated module must be found.
 */
export const IDENTITY = `import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as esm from 'nestjs-sqs-thrift';
import * as esmCodec from 'nestjs-sqs-thrift/codec';
import * as esmIdl from 'nestjs-sqs-thrift/idl';
import * as esmPort from 'nestjs-sqs-thrift/port';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { Controller, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';

const require = createRequire(import.meta.url);
const cjs = require('nestjs-sqs-thrift');
assert.notEqual(cjs.QueueError, esm.QueueError, 'there are two copies');

const isError = (value) => typeof value === 'function' && value.prototype instanceof Error;
const imported = { ...esm, ...esmCodec, ...esmIdl, ...esmPort };
const required = {};
for (const subpath of ['', '/codec', '/idl', '/port']) Object.assign(required, require('nestjs-sqs-thrift' + subpath));
assert.deepEqual(Object.keys(required).filter((name) => name !== '__esModule').sort(), Object.keys(imported).sort());
const errors = Object.keys(imported).filter((name) => isError(imported[name]));
assert.ok(errors.length >= 18);
for (const name of errors) {
  for (const [from, to] of [[required, imported], [imported, required]]) {
    assert.ok(Object.create(from[name].prototype) instanceof to[name], name + ' of the other copy is not recognized');
    for (const one of errors) {
      const error = Object.create(from[one].prototype);
      assert.equal(error instanceof to[name], error instanceof from[name], one + ' instanceof ' + name);
    }
  }
}
assert.ok(new cjs.QueueError('x', { code: 'c', kind: 'service', queue: 'q' }) instanceof esmPort.QueueError);
assert.ok(!(new Error('x') instanceof esm.QueueError));
assert.equal(cjs.SQS_THRIFT, esm.SQS_THRIFT);

// The generated module registers its codecs through the CommonJS copy, and both copies use them.
const { BackupQueue: service } = require('./generated-cjs/backup.js');

/** A strategy of one copy; its factory, its client, and what its handler throws are of the other. */
async function mixed(own, other) {
  class Server extends own.BaseThriftServer {
    constructor(queue, options) {
      super(options);
      this.queue = queue;
    }
    openQueue() {
      return Promise.resolve(this.queue);
    }
  }
  class Client extends other.BaseThriftClient {
    constructor(queue, options) {
      super(options);
      this.queue = queue;
    }
    openQueue() {
      return Promise.resolve(this.queue);
    }
  }
  const handled = [];
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  class Handlers {
    startBackup(args) {
      handled.push(args.request.userId);
      if (handled.length === 1) throw new other.RetryEventException(0, 'once more');
      finish();
    }
  }
  Controller()(Handlers);
  EventPattern('startBackup')(Handlers.prototype, 'startBackup', Object.getOwnPropertyDescriptor(Handlers.prototype, 'startBackup'));
  class AppModule {}
  Module({ controllers: [Handlers] })(AppModule);

  const queue = createMemoryQueue();
  const strategy = new Server(queue, { service, waitTimeSeconds: 1 });
  const app = await other.ThriftFactory.createMicroservice(AppModule, strategy, { logger: false });
  await app.listen();
  const client = new Client(queue, { service });
  const emit = (args) => lastValueFrom(client.emit('startBackup', args), { defaultValue: undefined });
  await emit({ request: { id: 'b', userId: 'u', requestedAt: 1n } });
  await finished;
  assert.deepEqual(handled, ['u', 'u']);
  const refused = await emit({ request: {} }).catch((error) => error);
  assert.ok(refused instanceof own.ThriftTransportError && refused instanceof esmCodec.ThriftWriteError, String(refused));
  await client.close();
  await app.close();
}

await mixed(esm, cjs);
await mixed(cjs, esm);
assert.throws(() => esmCodec.createEventCodec([esm.loadService('idl/backup.thrift', 'BackupQueue')]), 'strings can be evaluated');
console.log('one identity');
`;
