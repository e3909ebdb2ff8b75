import type { ValueNode } from './ast.js';
import { convertReference } from './convert-reference.js';
import { convertScalar, valueMismatch } from './convert-scalar.js';
import { fieldTypesOf } from './resolve-type.js';
import { checkDeclaredAbove, errorHere, type Here } from './resolver.js';
import type { ConstValue, ThriftType } from './schema.js';
import { didYouMean } from '../common/nearest-name.js';

type ListType = Extract<ThriftType, { kind: 'list' | 'set' }>;
type MapType = Extract<ThriftType, { kind: 'map' }>;
type StructType = Extract<ThriftType, { kind: 'struct' }>;
type MapNode = Extract<ValueNode, { kind: 'map' }>;

/**
 * Converts a constant or default to its type, in the value shapes that `ConstValue` describes.
 *
 * @throws IdlError `bad-constant` for a value that does not fit, `declared-below` for a use above
 *   the declaration, `too-large`
 */
export function convertValue(here: Here, node: ValueNode, type: ThriftType): ConstValue {
  if (node.kind === 'reference') return convertReference(here, node, type);
  switch (type.kind) {
    case 'list':
      return convertItems(here, node, type);
    case 'set':
      return new Set(convertItems(here, node, type));
    case 'map':
      return convertMap(here, node, type);
    case 'struct':
      return convertStruct(here, node, type);
    default:
      return convertScalar(here, node, type);
  }
}

/**
 * Converts a literal in brackets. Also accepts an empty `{}` for an empty list, as Apache's
 * compiler does.
 */
function convertItems(here: Here, node: ValueNode, type: ListType): readonly ConstValue[] {
  if (node.kind === 'list') return node.items.map((item) => convertValue(here, item, type.element));
  if (isEmpty(node)) return [];
  throw valueMismatch(here, node, type);
}

/**
 * Converts a literal in braces. Also accepts an empty `[]` for an empty map, as Apache's compiler
 * does.
 */
function convertMap(here: Here, node: ValueNode, type: MapType): ConstValue {
  if (node.kind === 'map') {
    return new Map(
      node.entries.map(([key, value]) => [convertValue(here, key, type.key), convertValue(here, value, type.value)]),
    );
  }
  if (isEmpty(node)) return new Map();
  throw valueMismatch(here, node, type);
}

function isEmpty(node: ValueNode): boolean {
  return (node.kind === 'map' && node.entries.length === 0) || (node.kind === 'list' && node.items.length === 0);
}

function convertStruct(here: Here, node: ValueNode, type: StructType): ConstValue {
  if (node.kind !== 'map') throw valueMismatch(here, node, type);
  const { id } = type;
  const declared = here.resolver.declared.get(id);
  if (declared === undefined) throw new RangeError(`no struct ${id}`);
  const { kind, name } = declared.node;
  checkDeclaredAbove(here, declared, node.at, `the ${kind} "${name.text}"`);
  const types = fieldTypesOf(here.resolver, id);
  const fields = new Map<string, ConstValue>();
  for (const [key, value] of node.entries) {
    if (key.kind !== 'string') {
      throw errorHere(here, key.at, 'bad-constant', `the fields of ${kind} "${name.text}" are named by strings`);
    }
    const fieldType = types.get(key.value);
    if (fieldType === undefined) {
      const hint = didYouMean(key.value, types.keys());
      throw errorHere(here, key.at, 'bad-constant', `the ${kind} "${name.text}" has no field "${key.value}"${hint}`);
    }
    if (fields.has(key.value)) {
      throw errorHere(here, key.at, 'bad-constant', `the field "${key.value}" is given twice`);
    }
    if (kind === 'union' && fields.size > 0) {
      throw errorHere(here, key.at, 'bad-constant', `the union "${name.text}" can hold one field only`);
    }
    fields.set(key.value, convertValue(here, value, fieldType));
  }
  useDefaults(here, node, id, fields);
  return Object.fromEntries(fields);
}

/**
 * Counts the defaults of omitted fields, because writing out the constant writes these defaults
 * too. A union without a member is its default.
 */
function useDefaults(
  { resolver, program }: Here,
  { at }: MapNode,
  id: string,
  given: ReadonlyMap<string, unknown>,
): void {
  const struct = resolver.structs.get(id);
  if (struct?.kind === 'union' && given.size > 0) return;
  for (const { name, type, defaultValue } of struct?.fields ?? []) {
    if (defaultValue === undefined || given.has(name)) continue;
    resolver.expansion.useValue(program, at, type, defaultValue);
  }
}
