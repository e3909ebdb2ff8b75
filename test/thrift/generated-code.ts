import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { ThriftType } from '#lib/idl/schema.js';
import type { ProtocolName, ThriftReader, ThriftWriter } from '#lib/thrift/protocol.js';
import { createReader, writeBytes } from '#lib/thrift/messages.js';

/** Loads the code that the Apache compiler generated from torture.thrift, by compiler options. */
export const FLAVOURS = ['node', 'es6', 'ts'] as const;
export type Flavour = (typeof FLAVOURS)[number];

/** A struct of generated code (0.24): its two methods go by symbols. */
export interface GeneratedStruct {
  [method: symbol]: (protocol: ThriftReader | ThriftWriter) => void;
}

type StructClass = new (fields?: object) => GeneratedStruct;

interface GeneratedService {
  readonly Client: new (
    output: ThriftWriter,
    protocol: new (output: ThriftWriter) => ThriftWriter,
  ) => Record<string, (...args: unknown[]) => void>;
  readonly Processor: new (handler: Record<string, (...args: unknown[]) => void>) => {
    process(input: ThriftReader, output: unknown): void;
  };
}

const require = createRequire(import.meta.url);

const idl = readFileSync(new URL('torture.thrift', import.meta.url), 'utf8');
export const TORTURE_SCHEMA = loadSchemaFromText(idl, { fileName: 'torture.thrift' });

/** The classes of the structs, by name. */
export function structClass(flavour: Flavour, name: string): StructClass {
  const types = require(`./generated/${flavour}/torture_types.js`) as Record<string, StructClass>;
  return types[name]!;
}

function service(flavour: Flavour): GeneratedService {
  return require(`./generated/${flavour}/Tester.js`) as GeneratedService;
}

/**
 * A value with instances of generated classes for all structs in it. The constructors convert most plain objects themselves, but not
 * those in containers of a type that the compiler had not come to yet.
 */
export function instanceOf(flavour: Flavour, type: ThriftType, value: unknown): unknown {
  if (value === undefined) return value;
  const inner = (of: ThriftType) => (item: unknown) => instanceOf(flavour, of, item);
  switch (type.kind) {
    case 'struct': {
      const struct = TORTURE_SCHEMA.structs.get(type.id)!;
      const types = new Map(struct.fields.map((field) => [field.name, field.type]));
      return new (structClass(flavour, struct.name))(mapValues(value, (item, key) => inner(types.get(key)!)(item)));
    }
    case 'list':
    case 'set':
      return (value as unknown[]).map(inner(type.element));
    case 'map':
      return mapValues(value, inner(type.value));
    default:
      return value;
  }
}

function mapValues(object: unknown, change: (value: unknown, key: string) => unknown): object {
  return Object.fromEntries(Object.entries(object as object).map(([key, value]) => [key, change(value, key)]));
}

/** Writes a generated struct's fields with its own `write`. */
export function writeStruct(flavour: Flavour, protocol: ProtocolName, name: string, fields: object): Buffer {
  const struct = instanceOf(flavour, { kind: 'struct', id: `torture.${name}` }, fields) as GeneratedStruct;
  return writeBytes(protocol, (writer) => struct[Symbol.for('write')]!(writer));
}

/** Reads bytes into a generated struct with its own `read`. */
export function readStruct(flavour: Flavour, protocol: ProtocolName, name: string, bytes: Buffer): GeneratedStruct {
  const struct = new (structClass(flavour, name))();
  const reader = createReader(protocol, bytes);
  struct[Symbol.for('read')]!(reader);
  if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes were not read`);
  return struct;
}

/**
 * Returns the bytes that a generated client writes for one oneway call. The client creates its
 * protocols itself, so it gets a protocol that is the writer.
 */
export function writeCall(flavour: Flavour, protocol: ProtocolName, method: string, args: readonly unknown[]): Buffer {
  return writeBytes(protocol, (writer) => {
    const Same = function () {
      return writer;
    } as unknown as new () => ThriftWriter;
    // With a callback it throws what goes wrong; without one it returns a promise.
    new (service(flavour).Client)(writer, Same)[method]!(...args, () => undefined);
  });
}

/** Returns the arguments that a generated processor passes to the handler of one oneway call. */
export function readCall(flavour: Flavour, protocol: ProtocolName, method: string, bytes: Buffer): readonly unknown[] {
  const seen: unknown[][] = [];
  const processor = new (service(flavour).Processor)({ [method]: (...args) => seen.push(args) });
  processor.process(createReader(protocol, bytes), undefined);
  if (seen.length !== 1) throw new Error(`the handler was called ${seen.length} times`);
  return seen[0]!;
}
