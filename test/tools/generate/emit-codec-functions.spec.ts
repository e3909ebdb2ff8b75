import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { PROTOCOLS } from '../../../lib/tools/generate/generate-options.js';
import { isSameService } from '../../../lib/event/same-service.js';
import { loadService } from '../../../lib/idl/load-schema.js';
import type { Schema, ThriftService } from '../../../lib/idl/schema.js';
import { createReader, writeBytes } from '../../../lib/thrift/messages.js';
import type { ProtocolName } from '../../../lib/thrift/protocol.js';
import { generatedCodecs } from '../../../lib/thrift/generated-codecs.js';
import { compileService, type CodecOptions } from '../../../lib/thrift/service-codec.js';
import { reachedSchema } from '../../../lib/tools/generate/reached-schema.js';
import { FIXTURES, INCLUDE_DIRS, freshFolder, generateInto } from './harness.js';

const SINK = 'test/idl/fixtures/kitchen-sink.thrift';
const DEFAULTS = { i64: 'bigint' } as const;

interface Modules {
  readonly sink: { Second: ThriftService; Keeper: ThriftService };
  readonly backup: { BackupQueue: ThriftService };
  readonly albums: { AlbumEdits: ThriftService };
  readonly numbers: { BackupQueue: ThriftService };
  readonly awkward: { delete_: ThriftService };
}

let modules: Modules;

beforeAll(async () => {
  const folder = freshFolder('codecs');
  generateInto(folder, FIXTURES, { includeDirs: INCLUDE_DIRS, protocols: PROTOCOLS });
  generateInto(join(folder, 'numbers'), ['idl/backup.thrift'], { i64: 'number' });
  const load = (path: string): Promise<unknown> => import(join(folder, path));
  modules = {
    sink: await load('test/idl/fixtures/kitchen-sink.ts'),
    backup: await load('idl/backup.ts'),
    albums: await load('idl/albums.ts'),
    numbers: await load('numbers/backup.ts'),
    awkward: await load('test/tools/generate/fixtures/awkward.ts'),
  } as Modules;
});

/** Encodes and decodes arguments, without a message around them. */
function encode(
  service: ThriftService,
  protocol: ProtocolName,
  method: string,
  args: unknown,
  options?: CodecOptions,
): Buffer {
  return writeBytes(protocol, (writer) =>
    compileService(service, protocol, options).methods.get(method)!.write(writer, args),
  );
}

function decode(
  service: ThriftService,
  protocol: ProtocolName,
  method: string,
  bytes: Buffer,
  options?: CodecOptions,
): unknown {
  const reader = createReader(protocol, bytes);
  return compileService(service, protocol, options).methods.get(method)!.read(reader);
}

/** A schema but for where its files lie. */
const withoutPaths = ({ schema, ...service }: ThriftService): unknown => ({
  ...service,
  file: service.file.split('/').at(-1),
  schema: { ...schema, files: schema.files.map((file) => file.split('/').at(-1)!) } satisfies Schema,
});

describe('the service of a generated module', () => {
  it('equals the service from loadService except for file paths, and for what oneway functions do not reach', () => {
    const loaded = loadService(SINK, 'Second');
    const schema = reachedSchema(loaded.schema, [
      loaded.schema.services.get('kitchen-sink.Keeper')!,
      loaded.schema.services.get('kitchen-sink.Second')!,
    ]);
    const expected = withoutPaths({ ...loaded, schema }) as { schema: object };
    const { Second } = modules.sink;
    // Of functions with a result the generated schema has the names alone.
    const parts = { functions: expect.anything(), schema: { ...expected.schema, services: expect.anything() } };
    expect(withoutPaths(Second)).toEqual({ ...expected, ...parts });
    for (const { name, oneway, ...rest } of loaded.functions.values()) {
      expect(Second.functions.get(name)).toMatchObject({ name, oneway, ...(oneway && rest) });
    }
    expect([...Second.functions.keys()].sort()).toEqual([...loaded.functions.keys()].sort());
    expect(Second.schema.files[1]).toBe('test/idl/fixtures/shared/base.thrift');
    expect(isSameService(Second, loaded)).toBe(true);
  });

  it('shares its schema with the other services and its parameter structs with the schema', () => {
    const { Keeper, Second } = modules.sink;
    expect(Keeper.schema).toBe(Second.schema);
    const { args } = Keeper.functions.get('store')!;
    expect(Keeper.schema.structs.get(args.id)).toBe(args);
  });
});

describe.each(PROTOCOLS)('the codecs of a generated module, %s', (protocol) => {
  const where = { x: 1.5, y: 2, label: undefined, unit: 1 };
  const entry = {
    path: 'p',
    priority: 16,
    at: -(2n ** 63n),
    children: [],
    ids: new Map([['k', new Set(['00112233-4455-6677-8899-aabbccddeeff'])]]),
    data: Buffer.from([0, 255]),
    implicit: 7,
    required: false,
    namespace: 'grüße',
    list: -1,
    where,
    weights: new Map([['a', -0.5]]),
    unit: 0,
    later: { next: { next: undefined } },
  };

  it.each<[string, unknown]>([
    ['store', { entry: { ...entry, children: [entry, entry] }, tries: 9 }],
    ['store', { entry: { path: 'p', priority: 'HIGH', ids: { a: [] }, where: { x: 1 } } }],
    ['forget', { path: 'x'.repeat(5000) }],
    ['ping', {}],
    ['more', { a: 'a', b: -1 }],
  ])('encodes and decodes %s exactly like run-time codecs', (method, args) => {
    const made = loadService(SINK, 'Second');
    const bytes = encode(modules.sink.Second, protocol, method, args);
    expect(bytes.toString('hex')).toBe(encode(made, protocol, method, args).toString('hex'));
    expect(decode(modules.sink.Second, protocol, method, bytes)).toEqual(decode(made, protocol, method, bytes));
  });

  it('throws the same errors as run-time codecs for invalid arguments', () => {
    const refusal = (service: ThriftService, args: unknown): string => {
      try {
        return String(encode(service, protocol, 'store', args));
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (const args of [
      { entry: {} },
      { entry: { path: 5 } },
      { entry: { path: 'p', at: 2n ** 63n } },
      { tries: 1.5 },
    ]) {
      expect(refusal(modules.sink.Second, args)).toBe(refusal(loadService(SINK, 'Second'), args));
      expect(refusal(modules.sink.Second, args)).toMatch(/^store\./);
    }
  });

  it('returns generated codecs only for the default options', () => {
    const { schema } = modules.sink.Second;
    expect(generatedCodecs(schema, protocol, DEFAULTS)?.has('kitchen-sink.Keeper.store_args')).toBe(true);
    expect(generatedCodecs(schema, protocol, DEFAULTS)).toBe(generatedCodecs(schema, protocol, DEFAULTS));
    expect(generatedCodecs(schema, protocol, { ...DEFAULTS, i64: 'number' })).toBeUndefined();
    expect(generatedCodecs(schema, protocol, { ...DEFAULTS, lenient: true })).toBeUndefined();
  });

  it('refuses unknown fields by default, and leaves them out with unknownFields: ignore', () => {
    const args = { request: { id: 'i', userId: 'u', requestedAt: 5n, usrId: 1 } };
    const { BackupQueue } = modules.backup;
    expect(() => encode(BackupQueue, protocol, 'startBackup', args)).toThrow(
      'startBackup.request.usrId: unknown field of BackupRequest; did you mean userId?',
    );
    const known = { request: { id: 'i', userId: 'u', requestedAt: 5n } };
    expect(encode(BackupQueue, protocol, 'startBackup', args, { unknownFields: 'ignore' })).toEqual(
      encode(BackupQueue, protocol, 'startBackup', known),
    );
  });

  it('uses run-time codecs for other options', () => {
    const args = { request: { id: 'i', userId: 'u', requestedAt: 5n, other: 1 } };
    const { BackupQueue } = modules.backup;
    const bytes = encode(BackupQueue, protocol, 'startBackup', args, { unknownFields: 'ignore' });
    const asNumber = decode(BackupQueue, protocol, 'startBackup', bytes, { i64: 'number' });
    expect(asNumber).toMatchObject({ request: { requestedAt: 5 } });
  });

  it('encodes and decodes fields whose names are TypeScript keywords', () => {
    const args = { class: { class: 'c', new: { k: { class: 'd' } }, readonly: [[1]] }, default: 'x' };
    const bytes = encode(modules.awkward.delete_, protocol, 'new', args);
    expect(decode(modules.awkward.delete_, protocol, 'new', bytes)).toEqual({
      class: {
        class: 'c',
        new: new Map([['k', { class: 'd', new: undefined, readonly: undefined }]]),
        readonly: [[1n]],
      },
      this: 5,
      default: 'x',
      arguments: ['a'],
    });
  });
});

describe('a module generated with numbers for i64', () => {
  it('decodes i64 fields as numbers by default and as bigints on request', () => {
    const { BackupQueue } = modules.numbers;
    const bytes = encode(BackupQueue, 'binary', 'startBackup', { request: { id: 'i', userId: 'u', requestedAt: 5n } });
    expect(decode(BackupQueue, 'binary', 'startBackup', bytes)).toMatchObject({ request: { requestedAt: 5 } });
    const exact = decode(BackupQueue, 'binary', 'startBackup', bytes, { i64: 'bigint' });
    expect(exact).toMatchObject({ request: { requestedAt: 5n } });
  });
});

describe('a module of another format version', () => {
  it('registerCodecs throws for codecs of another format and names the command to run again', async () => {
    const { registerCodecs } = await import('nestjs-sqs-thrift/codec');
    const codecs = { format: 0, i64: 'bigint', codecs: () => new Map() } as const;
    expect(() => registerCodecs(modules.backup.BackupQueue.schema, 'binary', codecs)).toThrow(
      /^the module generated from idl\/backup\.thrift has codecs of format 0, .* run "nestjs-sqs-thrift generate" again$/,
    );
  });
});

describe('a generated service', () => {
  it('keeps the routing of the IDL', () => {
    const { routing } = modules.albums.AlbumEdits;
    expect(routing).toEqual(loadService('idl/albums.thrift', 'AlbumEdits').routing);
    expect(routing.get('apply')?.queue).toBe('album-edits.fifo');
  });
});
