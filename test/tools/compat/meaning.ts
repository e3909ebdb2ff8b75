import { isDeepStrictEqual } from 'node:util';
import type { EnumSchema, FieldSchema, Schema, StructSchema, ThriftType } from '#lib/idl/schema.js';

/** A schema and a type of it. */
export interface Side<T = ThriftType> {
  readonly schema: Schema;
  readonly type: T;
}

/**
 * Classifies a value: `kept`; `lost` if a part is gone or means something else. `filled` if every
 * part is kept, but the reader replaces an unset value by another value than the writer, or has no
 * value where it may expect one.
 */
export type Fate = 'kept' | 'filled' | 'lost';

function worse(...fates: readonly Fate[]): Fate {
  return (['lost', 'filled'] as const).find((fate) => fates.includes(fate)) ?? 'kept';
}

/** Compares what was written with what was read, by what the names of either side say. */
function fateOf(writer: Side, written: unknown, reader: Side, read: unknown): Fate {
  const [from, to] = [writer.type, reader.type];
  if (from.kind === 'enum' && to.kind === 'enum') {
    return memberFate(writer.schema.enums.get(from.id)!, written, reader.schema.enums.get(to.id)!, read);
  }
  if (from.kind === 'struct' && to.kind === 'struct') {
    const [before, after] = [writer.schema.structs.get(from.id)!, reader.schema.structs.get(to.id)!];
    return structFate({ ...writer, type: before }, written as object, { ...reader, type: after }, read as object);
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const keysOf = (map: unknown): unknown[] => [...(map as Map<unknown, unknown>).keys()];
    const valuesOf = (map: unknown): unknown[] => [...(map as Map<unknown, unknown>).values()];
    return worse(
      eachFate({ ...writer, type: from.key }, keysOf(written), { ...reader, type: to.key }, keysOf(read)),
      eachFate({ ...writer, type: from.value }, valuesOf(written), { ...reader, type: to.value }, valuesOf(read)),
    );
  }
  if ('element' in from && 'element' in to) {
    const [before, after] = [[...(written as Iterable<unknown>)], [...(read as Iterable<unknown>)]];
    return eachFate({ ...writer, type: from.element }, before, { ...reader, type: to.element }, after);
  }
  return plainFate(written, read);
}

/** Classifies values without parts. Text and its bytes count as equal. */
function plainFate(written: unknown, read: unknown): Fate {
  const plain = (value: unknown): unknown => (typeof value === 'string' ? Buffer.from(value) : value);
  return isDeepStrictEqual(plain(written), plain(read)) ? 'kept' : 'lost';
}

/** The same for the elements of a container, one by one. */
function eachFate(writer: Side, written: readonly unknown[], reader: Side, read: readonly unknown[]): Fate {
  if (written.length !== read.length) return 'lost';
  return worse(...written.map((value, at) => fateOf(writer, value, reader, read[at])));
}

/** The same for the fields of a struct. */
export function structFate(
  writer: Side<StructSchema>,
  written: object,
  reader: Side<StructSchema>,
  read: object,
): Fate {
  const unions = writer.type.kind === 'union' || reader.type.kind === 'union';
  const fates = writer.type.fields.map((field): Fate => {
    const found = reader.type.fields.find(({ id }) => id === field.id);
    if (valueOf(written, field) !== undefined) return setFate(writer, field, written, reader, found, read);
    if (found === undefined || unions || found.requiredness === 'required') return 'kept';
    return isDeepStrictEqual(field.defaultValue, valueOf(read, found)) ? 'kept' : 'filled';
  });
  const counted = reader.type.fields.filter(({ id, requiredness }) => {
    return requiredness === 'default' && !writer.type.fields.some((field) => field.id === id);
  });
  const missing = !unions && counted.some((field) => valueOf(read, field) === undefined);
  return worse(...fates, missing ? 'filled' : 'kept');
}

/** Classifies a field that was set. `found` is the reader's field with the same id. */
function setFate(
  writer: Side<StructSchema>,
  field: FieldSchema,
  written: object,
  reader: Side<StructSchema>,
  found: FieldSchema | undefined,
  read: object,
): Fate {
  if (found === undefined) return hasField(reader.type, field.name) ? 'lost' : 'kept';
  const renamed = found.name !== field.name;
  if (renamed && (hasField(reader.type, field.name) || hasField(writer.type, found.name))) return 'lost';
  const [before, after] = [valueOf(written, field), valueOf(read, found)];
  if (after === undefined) return 'lost';
  return fateOf({ ...writer, type: field.type }, before, { ...reader, type: found.type }, after);
}

function valueOf(object: object, { name }: FieldSchema): unknown {
  return (object as Record<string, unknown>)[name];
}

function hasField({ fields }: StructSchema, name: string): boolean {
  return fields.some((field) => field.name === name);
}

/** The same for a value of an enum: it is kept if it has a name in common, or names of which the other side knows none. */
function memberFate(before: EnumSchema, written: unknown, after: EnumSchema, read: unknown): Fate {
  const namesOf = ({ values }: EnumSchema, number: unknown): string[] =>
    [...values].filter(([, value]) => value === number).map(([name]) => name);
  const [from, to] = [namesOf(before, written), namesOf(after, read)];
  if (written !== read || to.length === 0) return 'lost';
  if (from.some((name) => to.includes(name))) return 'kept';
  const known = to.some((name) => before.values.has(name)) || from.some((name) => after.values.has(name));
  return known ? 'lost' : 'kept';
}
