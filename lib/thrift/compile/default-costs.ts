import { fieldOf } from '../../common/own-field.js';
import type { ConstValue, ThriftType } from '../../idl/schema.js';
import { binaryDefaultCost, LIST_COST, structCost, TABLE_COST, tableDefaultCost } from '../limits.js';
import { isBaseType } from './container-costs.js';
import { DEEPEST_DEFAULT } from './emit-const.js';
import type { Unit } from './unit.js';

/**
 * Returns the elements that a default counts where its field is absent. Strings and bigints cost
 * nothing, since all objects share them, and numbers are counted with the struct. Everything else is made anew for each object.
 */
export function defaultCost(unit: Unit, type: ThriftType, value: ConstValue, depth = 0): number {
  // The emitter of the default reports this.
  if (depth > DEEPEST_DEFAULT) return 0;
  switch (type.kind) {
    case 'list':
      return LIST_COST + costOfAll(unit, type.element, value as readonly ConstValue[], depth);
    case 'set': {
      const items = value as ReadonlySet<ConstValue>;
      return tableDefaultCost(items.size) + costOfAll(unit, type.element, items, depth);
    }
    case 'map': {
      const entries = value as ReadonlyMap<ConstValue, ConstValue>;
      const inside =
        costOfAll(unit, type.key, entries.keys(), depth) + costOfAll(unit, type.value, entries.values(), depth);
      return tableDefaultCost(2 * entries.size) + inside;
    }
    case 'struct':
      return costOfStruct(unit, type.id, value as Fields, depth);
    case 'binary':
      return binaryDefaultCost((value as Uint8Array).length);
    default:
      return 0;
  }
}

/** Counts elements of a list, or entries of a table, which count one each even if they are shared. */
function costOfAll(unit: Unit, type: ThriftType, values: Iterable<ConstValue>, depth: number): number {
  let cost = 0;
  for (const value of values) cost += Math.max(1, defaultCost(unit, type, value, depth + 1));
  return cost;
}

/** Elements that an object of a default counts besides its fields: V8 makes objects of large literals slowly. */
const OBJECT_COST = 2;

type Fields = Readonly<Record<string, ConstValue>>;

function costOfStruct(unit: Unit, id: string, values: Fields, depth: number): number {
  const struct = unit.struct(id);
  let cost = OBJECT_COST + structCost(struct.fields.length) + struct.fields.length;
  for (const { name, type, defaultValue } of struct.fields) {
    const given = fieldOf(values, name) as ConstValue | undefined;
    const value = given ?? defaultValue;
    if (value !== undefined) cost += defaultCost(unit, type, value, depth + 1);
  }
  return cost;
}

/**
 * Returns the elements that a comparison of a value with a default counts. An object in a set, or as a key
 * of a map, is compared with each of the others.
 */
export function comparisonCost(unit: Unit, type: ThriftType, value: ConstValue, depth = 0): number {
  if (depth > DEEPEST_DEFAULT) return 0;
  const sum = (of: ThriftType, values: Iterable<ConstValue>): number =>
    [...values].reduce<number>((cost, item) => cost + comparisonCost(unit, of, item, depth + 1), 0);
  switch (type.kind) {
    case 'list':
      return COMPARED_OBJECT_COST + sum(type.element, value as readonly ConstValue[]);
    case 'set': {
      const items = value as ReadonlySet<ConstValue>;
      return TABLE_COST + sum(type.element, items) * looksOf(type.element, items.size);
    }
    case 'map': {
      const entries = value as ReadonlyMap<ConstValue, ConstValue>;
      const inside = sum(type.key, entries.keys()) + sum(type.value, entries.values());
      return TABLE_COST + inside * looksOf(type.key, entries.size);
    }
    case 'struct': {
      const members = unit.struct(type.id).fields.map(({ name, type: of, defaultValue }) => {
        const given = (fieldOf(value as Fields, name) as ConstValue | undefined) ?? defaultValue;
        return given === undefined ? 1 : comparisonCost(unit, of, given, depth + 1);
      });
      return members.reduce((cost, each) => cost + each, COMPARED_OBJECT_COST);
    }
    case 'binary':
      return binaryDefaultCost((value as Uint8Array).length);
    default:
      return 1;
  }
}

/** Elements that the comparison of two objects or lists counts besides what they hold. */
const COMPARED_OBJECT_COST = 8;

/** Returns how often an element or key of a table of so many is compared at most. */
function looksOf(type: ThriftType, size: number): number {
  return isBaseType(type) && type.kind !== 'binary' ? 1 : Math.max(1, size);
}
