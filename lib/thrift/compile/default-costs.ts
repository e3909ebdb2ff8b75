import { fieldOf } from '../../common/own-field.js';
import type { ConstValue, ThriftType } from '../../idl/schema.js';
import { binaryDefaultCost, LIST_COST, structCost, tableDefaultCost } from '../limits.js';
import { DEEPEST_DEFAULT } from './emit-const.js';
import type { Unit } from './unit.js';

/**
 * Returns the elements that a default counts where its field is absent. Strings and numbers cost
 * nothing, since all objects share them. Everything else is made anew for each object.
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
