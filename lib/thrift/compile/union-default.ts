import { isDeepStrictEqual } from 'node:util';
import type { FieldSchema, StructSchema } from '../../idl/schema.js';
import { fieldOf } from '../../common/own-field.js';
import { emitDefault } from './emit-const.js';
import { literal } from './identifiers.js';
import type { Unit } from './unit.js';

/**
 * Apache's Python, Node and C++ set the default of a union when they create it. They write it beside the
 * member that is set, and a union without a member means the default. Java writes and reads one member.
 * So a default gives way to another member, and exactly one member is written.
 */
export interface UnionDefault {
  readonly name: string;
  /** Creates the default. */
  readonly make: () => unknown;
}

type Union = Readonly<Record<string, unknown>>;

/** Returns the member of a union that has a default. Undefined for other unions, and for structs. */
export function defaultMember({ kind, fields }: StructSchema): FieldSchema | undefined {
  return kind === 'union' ? fields.find(({ defaultValue }) => defaultValue !== undefined) : undefined;
}

/** Emits a {@link UnionDefault} of the union with an id. */
export function emitUnionDefault(unit: Unit, id: string, member: FieldSchema): string {
  return `{ name: ${literal(member.name)}, make: () => (${emitDefault(unit, id, member)}) }`;
}

/** Returns the union after another member was read. Undefined if neither is the default. */
export function withMember(
  before: Union | undefined,
  name: string,
  value: unknown,
  of: UnionDefault,
): Union | undefined {
  if (before === undefined || isDefault(fieldOf(before, of.name), of)) return { [name]: value };
  return name === of.name && isDefault(value, of) ? before : undefined;
}

/**
 * Returns a union to write with exactly one member, if the default explains what is missing or too much.
 * Returns the given value otherwise.
 */
export function withOneMember(value: object, names: readonly string[], of: UnionDefault): object {
  const set = names.filter((name) => (fieldOf(value, name) ?? undefined) !== undefined);
  if (set.length === 0) return { ...value, [of.name]: of.make() };
  const isBeside = set.length === 2 && set.includes(of.name) && isDefault(fieldOf(value, of.name), of);
  return isBeside ? { ...value, [of.name]: undefined } : value;
}

/** True if a union that was read holds its default alone. */
export function isDefaultUnion(union: Union, of: UnionDefault): boolean {
  return isDefault(fieldOf(union, of.name), of);
}

/** Holds a default of each union for comparisons, since making one may take long. No reader hands it out. */
const compared = new WeakMap<UnionDefault, unknown>();

function isDefault(value: unknown, of: UnionDefault): boolean {
  if (value === undefined) return false;
  if (!compared.has(of)) compared.set(of, of.make());
  return isDeepStrictEqual(value, compared.get(of));
}
