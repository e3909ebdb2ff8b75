import type { Schema, StructSchema } from '../../idl/schema.js';
import { emitReadList, emitReadMap } from './emit-read-container.js';
import { emitReadStruct } from './emit-read-struct.js';
import { emitWriteList, emitWriteMap, emitWriteSet } from './emit-write-container.js';
import { emitWriteStruct } from './emit-write-struct.js';
import type { ProtocolSnippets } from './snippets.js';
import { Unit, type EmitOptions, type NamedType } from './unit.js';

/** The source of encoders and decoders: what it takes from the runtime, its declarations, and a list of what it offers. */
export interface EmittedCodecs {
  /** Constants and functions. Free names are those of `codecRuntime`. */
  readonly declarations: string;
  /** By struct id, the names of its two functions. */
  readonly structs: ReadonlyMap<string, { readonly write: string; readonly read: string }>;
}

/**
 * Emits a pair of functions, `(writer, value)` and `(reader) => value`, for each given struct and every type these reach.
 *
 * Pure: the same input gives the same text, for evaluation at run time and for writing into modules ahead of it.
 * Throws a `TypeError` when the schema holds names outside the IDL grammar, dangling references or defaults of a wrong type.
 */
export function emitCodecs(
  schema: Schema,
  structs: Iterable<StructSchema>,
  snippets: ProtocolSnippets,
  options: EmitOptions,
): EmittedCodecs {
  const unit = new Unit(schema, snippets.write, snippets.read(options.i64), options);
  const pairs = new Map<string, { write: string; read: string }>();
  for (const { id } of structs) {
    const type = { kind: 'struct', id } as const;
    pairs.set(id, { write: unit.writer(type), read: unit.reader(type) });
  }
  const functions: string[] = [];
  // Emitting one type asks for those it refers to, which thereby join the end of the list.
  for (const type of unit.types) functions.push(emitWrite(unit, type), emitRead(unit, type));
  return { declarations: [...unit.constants, ...functions].join('\n'), structs: pairs };
}

function emitWrite(unit: Unit, type: NamedType): string {
  switch (type.kind) {
    case 'struct':
      return emitWriteStruct(unit, type);
    case 'list':
      return emitWriteList(unit, type);
    case 'set':
      return emitWriteSet(unit, type);
    case 'map':
      return emitWriteMap(unit, type);
  }
}

function emitRead(unit: Unit, type: NamedType): string {
  switch (type.kind) {
    case 'struct':
      return emitReadStruct(unit, type);
    case 'list':
    case 'set':
      return emitReadList(unit, type);
    case 'map':
      return emitReadMap(unit, type);
  }
}
