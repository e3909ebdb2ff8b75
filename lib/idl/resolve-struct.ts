import type { FieldNode, StructNode } from './ast.js';
import { convertValue } from './convert-value.js';
import { resolveType } from './resolve-type.js';
import { checkDeclaredAbove, errorHere, scopeOf, type Here } from './resolver.js';
import type { FieldSchema, Requiredness, StructSchema } from './schema.js';

/**
 * Resolves a struct, union or exception.
 *
 * @throws IdlError for its types and defaults; `bad-union` for a union with two defaults
 */
export function resolveStruct(here: Here, id: string, node: StructNode): StructSchema {
  if (node.kind === 'union') checkUnion(here, node);
  return {
    id,
    name: node.name.text,
    kind: node.kind,
    // Union members are always optional, regardless of their declaration, as in Apache's compiler.
    fields: node.fields.map((field) =>
      resolveField(here, field, node.kind === 'union' ? 'optional' : field.requiredness),
    ),
    annotations: node.annotations,
    ...(node.doc === undefined ? {} : { doc: node.doc }),
  };
}

/** Resolves a field with its type and default. */
export function resolveField(here: Here, field: FieldNode, requiredness: Requiredness): FieldSchema {
  const type = resolveType(here, field.type);
  if (field.value !== undefined) checkNameAbove(here, field);
  return {
    id: field.id,
    name: field.name.text,
    type,
    requiredness,
    ...(field.value === undefined ? {} : { defaultValue: convertValue(here, field.value, type) }),
    annotations: field.annotations,
    ...(field.doc === undefined ? {} : { doc: field.doc }),
  };
}

/**
 * Checks that the type of a constant or of a field with a default is declared above its use. The
 * rule includes typedefs.
 *
 * @throws IdlError `declared-below`
 */
export function checkNameAbove(here: Here, field: Pick<FieldNode, 'type'>): void {
  if (field.type.kind !== 'named') return;
  const declared = scopeOf(here).types.get(field.type.name);
  if (declared !== undefined) checkDeclaredAbove(here, declared, field.type.at, `the type "${field.type.name}"`);
}

function checkUnion(here: Here, node: StructNode): void {
  const [, second] = node.fields.filter((field) => field.value !== undefined);
  if (second === undefined) return;
  const message = `the union "${node.name.text}" has a second default value: only one of its fields can be set`;
  throw errorHere(here, second.name.at, 'bad-union', message);
}
