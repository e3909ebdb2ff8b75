import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import { MemoryBroker } from '#lib/carriers/memory/memory-broker.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { ThriftService } from '#lib/idl/schema.js';
import { ClientSqsThrift } from '#lib/nest/client/client-sqs-thrift.js';
import { ClientThriftMemory } from '#lib/nest/memory/client-thrift-memory.js';
import { ServerThriftMemory } from '#lib/nest/memory/server-thrift-memory.js';
import { RecordingClient } from '#lib/nest/recording/recording-client.js';
import { ServerSqsThrift } from '#lib/nest/server/server-sqs-thrift.js';

const serviceOn = (queue: string): ThriftService =>
  findService(loadSchemaFromText(`service Jobs { oneway void run() (sqs.queue = "${queue}") }`), 'Jobs');
const OnBackup = serviceOn('backup');
const Jobs = findService(loadSchemaFromText('service Jobs { oneway void run() }'), 'Jobs');

const CLIENTS: readonly (readonly [string, (options: object) => unknown])[] = [
  ['ClientSqsThrift', (options) => new ClientSqsThrift(options as never)],
  ['ClientThriftMemory', (options) => new ClientThriftMemory(options as never)],
  ['RecordingClient', (options) => new RecordingClient(options as never)],
];

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('a queue named like a member of objects', () => {
  it.each([['constructor'], ['__proto__'], ['toString'], ['hasOwnProperty']])('gets its calls: %s', async (name) => {
    const service = serviceOn(name);
    const broker = new MemoryBroker();
    const client = new ClientThriftMemory({ service, broker, queueNames: {} });
    await lastValueFrom(client.emit('run', {}));
    expect(broker.queue(name).messages()).toHaveLength(1);
    await client.close();
    expect(await lastValueFrom(new RecordingClient({ service, queueNames: {} }).emit('run', {}))).toBe('recorded-1');
    expect(() => new ClientSqsThrift({ service, queueNames: {} })).not.toThrow();
  });

  it('is renamed by an own option only', async () => {
    const broker = new MemoryBroker();
    const queueNames = JSON.parse('{"__proto__": "renamed"}') as Record<string, string>;
    const client = new ClientThriftMemory({ service: serviceOn('__proto__'), broker, queueNames });
    await lastValueFrom(client.emit('run', {}));
    expect(broker.queue('renamed').messages()).toHaveLength(1);
    await client.close();
  });
});

describe.each(CLIENTS)('the option queueNames of %s', (_, create) => {
  it.each<[queueNames: unknown, text: string]>([
    [null, 'option queueNames must be an object, got null; leave the option out to get its default'],
    [new Map([['backup', 'staging']]), 'option queueNames must be an object, got a Map'],
    [['staging'], 'option queueNames must be an object, got an array'],
    ['staging', 'option queueNames must be an object, got the text "staging"'],
    [{ bakcup: 'x' }, 'option queueNames: the contract names no queue "bakcup". The contract names backup.'],
    [{ 'a\n\u202e': 'x' }, 'option queueNames: the contract names no queue "a\\n\\u202e". The contract names backup.'],
    [{ backup: '' }, 'option queueNames["backup"] must be the name of a queue, got an empty text'],
    [{ backup: 5 }, 'option queueNames["backup"] must be the name of a queue, got 5'],
  ])('is refused: %j', (queueNames, text) => {
    expect(() => create({ service: OnBackup, queueNames })).toThrow(new TypeError(text));
  });

  it('may leave a name undefined, as an unset variable of the environment does', () => {
    expect(() => create({ service: OnBackup, queueNames: { backup: undefined } })).not.toThrow();
  });
});

const NAMING: readonly (readonly [string, option: string, (value: unknown) => unknown])[] = [
  ['ClientThriftMemory', 'queue', (queue) => new ClientThriftMemory({ service: Jobs, queue } as never)],
  ['RecordingClient', 'queue', (queue) => new RecordingClient({ service: Jobs, queue } as never)],
  ['ServerThriftMemory', 'queue', (queue) => new ServerThriftMemory({ service: Jobs, queue } as never)],
  [
    'ServerThriftMemory',
    'deadLetterQueue',
    (deadLetterQueue) =>
      new ServerThriftMemory({ service: Jobs, queue: 'q', poisonPolicy: 'dead-letter', deadLetterQueue } as never),
  ],
  [
    'ServerSqsThrift',
    'deadLetterQueue',
    (deadLetterQueue) =>
      new ServerSqsThrift({ service: Jobs, queue: 'q', poisonPolicy: 'dead-letter', deadLetterQueue } as never),
  ],
];

describe.each(NAMING)('%s with the option %s', (_, option, create) => {
  it.each<[value: unknown, got: string]>([
    [null, 'null; leave the option out to get its default'],
    ['', 'an empty text'],
    [5, '5'],
    [true, 'the boolean true'],
    [Symbol('q'), 'a symbol'],
    [{}, 'an object'],
    [[], 'an array'],
    [new Map(), 'a Map'],
    [Promise.resolve('q'), 'a promise; await it'],
  ])('is refused when it is %p', (value, got) => {
    expect(() => create(value)).toThrow(TypeError);
    expect(() => create(value)).toThrow(new RegExp(`^option ${option} must be the name of a queue.*, got ${got}$`));
  });
});

describe('the option broker', () => {
  it.each([[null], ['broker'], [{}], [createMemoryQueue()], [MemoryBroker]])('refuses %p', (broker) => {
    const options = { service: Jobs, queue: 'q', broker } as never;
    expect(() => new ClientThriftMemory(options)).toThrow(/^option broker must be a MemoryBroker, got /);
    expect(() => new ServerThriftMemory(options)).toThrow(/^option broker must be a MemoryBroker, got /);
  });
});
