import type { ValueNode } from './ast.js';
import { convertReference } from './convert-reference.js';
import { convertScalar, mismatch } from './convert-scalar.js';
import { fieldTypesOf } from './resolve-type.js';
import { checkDeclaredAbove, errorHere, type Here } from './resolver.js';
import type { ConstValue, ThriftType } from './schema.js';
import { didYouMean } from './error-text.js';

type ContainerType = Extract<ThriftType, { kind: 'list' | 'set' | 'map' | 'struct' }>;
type MapNode = Extract<ValueNode, { kind: 'map' }>;

/**
 * Converts a constant or default to its type, in the value shapes that `ConstValue` describes.
 *
 * @throws IdlError `bad-constant` when it does not fit; `declared-below` for what is used too early; `too-large`
 */
export function convertValue(here: Here, node: ValueNode, type: ThriftType): ConstValue {
  if (node.kind === 'reference') return convertReference(here, node, type);
  switch (type.kind) {
    case 'list':
    case 'set':
    case 'map':
    case 'struct':
      return convertContainer(here, node, type);
    default:
      return convertScalar(here, node, type);
  }
}

/**
 * A literal in brackets or braces to a container or struct. An empty `{}` is a fine list and an empty `[]` a fine map, as
 * Apache's compiler sees it.
 */
function convertContainer(here: Here, node: ValueNode, type: ContainerType): ConstValue {
  if (type.kind === 'struct') {
    if (node.kind === 'map') return convertStruct(here, node, type.id);
  } else if (type.kind === 'map') {
    const entries = node.kind === 'map' ? node.entries : isEmpty(node) ? [] : undefined;
    if (entries !== undefined) {
      return new Map(
        entries.map(([key, value]) => [convertValue(here, key, type.key), convertValue(here, value, type.value)]),
      );
    }
  } else {
    const items = node.kind === 'list' ? node.items : isEmpty(node) ? [] : undefined;
    if (items !== undefined) {
      const values = items.map((item) => convertValue(here, item, type.element));
      return type.kind === 'list' ? values : new Set(values);
    }
  }
  throw mismatch(here, node, type);
}

function isEmpty(node: ValueNode): boolean {
  return (node.kind === 'map' && node.entries.length === 0) || (node.kind === 'list' && node.items.length === 0);
}

function convertStruct(here: Here, node: MapNode, id: string): ConstValue {
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
    const type = types.get(key.value);
    if (type === undefined) {
      const hint = didYouMean(key.value, types.keys());
      throw errorHere(here, key.at, 'bad-constant', `the ${kind} "${name.text}" has no field "${key.value}"${hint}`);
    }
    if (fields.has(key.value)) {
      throw errorHere(here, key.at, 'bad-constant', `the field "${key.value}" is given twice`);
    }
    if (kind === 'union' && fields.size > 0) {
      throw errorHere(here, key.at, 'bad-constant', `the union "${name.text}" can hold one field only`);
    }
    fields.set(key.value, convertValue(here, value, type));
  }
  if (kind !== 'union') useDefaults(here, node, id, fields);
  return Object.fromEntries(fields);
}

/** What is not given is the default wherever the constant is written out. */
function useDefaults(
  { resolver, program }: Here,
  { at }: MapNode,
  id: string,
  given: ReadonlyMap<string, unknown>,
): void {
  for (const { name, type, defaultValue } of resolver.structs.get(id)?.fields ?? []) {
    if (defaultValue === undefined || given.has(name)) continue;
    resolver.expansion.useValue(program, at, type, defaultValue);
  }
}
