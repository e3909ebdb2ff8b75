import type { Schema, StructSchema } from '../../idl/schema.js';
import { emitReadList, emitReadMap } from './emit-read-container.js';
import { emitReadStruct } from './emit-read-struct.js';
import { emitWriteList, emitWriteMap, emitWriteSet } from './emit-write-container.js';
import { emitWriteStruct } from './emit-write-struct.js';
import type { ProtocolSnippets } from './snippets.js';
import { Unit, type EmitOptions, type NamedType } from './unit.js';

/**
 * Holds the source of encoders and decoders: declarations, and the names of the functions by
 * struct.
 */
export interface EmittedCodecs {
  /** Contains constants and functions. Free names refer to `codecRuntime`. */
  readonly declarations: string;
  /** Maps each struct id to the names of its two functions. */
  readonly structs: ReadonlyMap<string, { readonly write: string; readonly read: string }>;
}

/**
 * Emits two functions, `(writer, value)` and `(reader) => value`, for each given struct and every
 * type reachable from these structs.
 *
 * The function is pure: equal input gives equal text. The text can be evaluated at run time or
 * written into modules ahead of time.
 *
 * Throws a `TypeError` when the schema holds names outside the IDL grammar, dangling references or
 * defaults of a wrong type.
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
  // Emitting a type appends the types it refers to, so the loop also reaches these types.
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
