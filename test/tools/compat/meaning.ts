import { isDeepStrictEqual } from 'node:util';
import type { EnumSchema, FieldSchema, Schema, StructSchema, ThriftType } from '#lib/idl/schema.js';

/** A schema and a type of it. */
export interface Side<T = ThriftType> {
  readonly schema: Schema;
  readonly type: T;
}

/**
 * What became of a value: `kept`; `lost` if something of it is gone or means something else; `filled` if nothing is, but the reader
 * takes for what was not set something else than the writer does, or has no value where it may expect one.
 */
export type Fate = 'kept' | 'filled' | 'lost';

function worse(...fates: readonly Fate[]): Fate {
  return (['lost', 'filled'] as const).find((fate) => fates.includes(fate)) ?? 'kept';
}

/** Compares what was written with what was read, by what the names of either side say. */
export function fateOf(writer: Side, written: unknown, reader: Side, read: unknown): Fate {
  const [from, to] = [writer.type, reader.type];
  if (from.kind === 'enum' && to.kind === 'enum') {
    const same = isSameMember(writer.schema.enums.get(from.id)!, written, reader.schema.enums.get(to.id)!, read);
    return same ? 'kept' : 'lost';
  }
  if (from.kind === 'struct' && to.kind === 'struct') {
    const [before, after] = [writer.schema.structs.get(from.id)!, reader.schema.structs.get(to.id)!];
    return structFate({ ...writer, type: before }, written as object, { ...reader, type: after }, read as object);
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const [before, after] = [[...(written as Map<unknown, unknown>)], [...(read as Map<unknown, unknown>)]];
    const fates = before.flatMap(([key, value], at) => [
      fateOf({ ...writer, type: from.key }, key, { ...reader, type: to.key }, after[at]?.[0]),
      fateOf({ ...writer, type: from.value }, value, { ...reader, type: to.value }, after[at]?.[1]),
    ]);
    return before.length === after.length ? worse(...fates) : 'lost';
  }
  if ('element' in from && 'element' in to) {
    const [before, after] = [[...(written as Iterable<unknown>)], [...(read as Iterable<unknown>)]];
    const fates = before.map((value, at) =>
      fateOf({ ...writer, type: from.element }, value, { ...reader, type: to.element }, after[at]),
    );
    return before.length === after.length ? worse(...fates) : 'lost';
  }
  const plain = (value: unknown): unknown => (typeof value === 'string' ? Buffer.from(value) : value);
  return isDeepStrictEqual(plain(written), plain(read)) ? 'kept' : 'lost';
}

/** The same for the fields of a struct. */
export function structFate(
  writer: Side<StructSchema>,
  written: object,
  reader: Side<StructSchema>,
  read: object,
): Fate {
  const valueOf = (object: object, { name }: FieldSchema): unknown => (object as Record<string, unknown>)[name];
  const unions = writer.type.kind === 'union' || reader.type.kind === 'union';
  const fates = writer.type.fields.map((field): Fate => {
    const found = reader.type.fields.find(({ id }) => id === field.id);
    const value = valueOf(written, field);
    if (value === undefined) {
      if (found === undefined || unions || found.requiredness === 'required') return 'kept';
      return isDeepStrictEqual(field.defaultValue, valueOf(read, found)) ? 'kept' : 'filled';
    }
    if (found === undefined) return reader.type.fields.some(({ name }) => name === field.name) ? 'lost' : 'kept';
    if (found.name !== field.name && (hasField(reader.type, field.name) || hasField(writer.type, found.name)))
      return 'lost';
    if (valueOf(read, found) === undefined) return 'lost';
    return fateOf({ ...writer, type: field.type }, value, { ...reader, type: found.type }, valueOf(read, found));
  });
  const counted = reader.type.fields.filter(({ id, requiredness }) => {
    return requiredness === 'default' && !writer.type.fields.some((field) => field.id === id);
  });
  const missing = !unions && counted.some((field) => valueOf(read, field) === undefined);
  return worse(...fates, missing ? 'filled' : 'kept');
}

function hasField({ fields }: StructSchema, name: string): boolean {
  return fields.some((field) => field.name === name);
}

/** Whether a number means the same to both: it has a name in common, or names of which the other side knows none. */
function isSameMember(before: EnumSchema, written: unknown, after: EnumSchema, read: unknown): boolean {
  const namesOf = ({ values }: EnumSchema, number: unknown): string[] =>
    [...values].filter(([, value]) => value === number).map(([name]) => name);
  const [from, to] = [namesOf(before, written), namesOf(after, read)];
  if (written !== read || to.length === 0) return false;
  return (
    from.some((name) => to.includes(name)) ||
    !(to.some((name) => before.values.has(name)) || from.some((name) => after.values.has(name)))
  );
}
