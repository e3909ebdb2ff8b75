import type { FieldSchema, StructSchema, ThriftType } from '../../idl/schema.js';
import { LIST_COST, listCost, structCost, TABLE_COST } from '../limits.js';
import { isNamed, type Unit } from './unit.js';

/** True if a value of the type counts one where it is an element, key or value. */
export function isBaseType(type: ThriftType): boolean {
  return !isNamed(type);
}

/** Counts the base types: elements, or keys and values, that count one each. */
export function countedValues(...types: readonly ThriftType[]): number {
  return types.filter(isBaseType).length;
}

/** Returns the elements that a struct counts, besides its values and the defaults that it makes anew. */
export function costOfObject({ fields }: StructSchema): number {
  return structCost(fields.length) + fields.filter(isBoxedDefault).length;
}

/**
 * True if each object may box the default. V8 boxes each number of a field once a single object had one there that
 * is no 32-bit integer. Bigints are shared, but a writer does not know how its reader takes i64.
 */
function isBoxedDefault({ type: { kind }, defaultValue, requiredness }: FieldSchema): boolean {
  return (kind === 'double' || kind === 'i64') && defaultValue !== undefined && requiredness !== 'required';
}

/** Returns the elements that a struct or container counts at least. */
function leastCost(unit: Unit, type: ThriftType): number {
  if (type.kind === 'struct') return costOfObject(unit.struct(type.id));
  return type.kind === 'list' ? LIST_COST : TABLE_COST;
}

/**
 * Emits the refusal of more structs or containers than the rest of the limit allows, before any of them
 * is made.
 */
export function checkLeast(unit: Unit, ...types: readonly ThriftType[]): string | undefined {
  const named = types.filter(isNamed);
  if (named.length === 0) return undefined;
  return `r.afford(n * ${named.reduce((cost, type) => cost + leastCost(unit, type), 0)}, n);`;
}

/** Emits what a set or map counts beyond a list. The reader of its header cannot distinguish them. */
export function chargeTable(type: Extract<ThriftType, { kind: 'set' | 'map' }>): string {
  return `r.charge(n === 0 ? ${TABLE_COST - listCost(0)} : ${TABLE_COST - listCost(1)}, 'a ${type.kind}');`;
}

/**
 * Lists the types whose values are numbers or bigints, with enough of them to fill a long chain of a
 * table. The engine hashes these values without a seed.
 */
const WATCHED: ReadonlySet<ThriftType['kind']> = new Set(['i16', 'i32', 'i64', 'double', 'enum']);

/** True if hashes of the values of a type may collide on purpose. */
export function isWatchedKey({ kind }: ThriftType): boolean {
  return WATCHED.has(kind);
}

/** Emits the local `keys`, which watches the elements of a set or the keys of a map. */
export function watchKeys(owner: 'r' | 'w', type: ThriftType): string | undefined {
  return isWatchedKey(type) ? `const keys = ${owner}.watchKeys(n, ${type.kind === 'i64'});` : undefined;
}
