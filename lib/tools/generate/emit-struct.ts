import type { FieldSchema, StructSchema } from '../../idl/schema.js';
import { defaultMember } from '../../thrift/compile/union-default.js';
import type { ModuleScope } from './module-scope.js';
import { block, docLines, statement } from './statement.js';
import { inputType, outType } from './type-text.js';

/**
 * Emits two types of a struct, union, exception or parameter list: `Name` for decoded values, and
 * `NameInput` for values to encode. A union with a default may be encoded without a member.
 *
 * Parameters are typed as always present, as Thrift's own stubs type them. Only parameters that the
 * IDL calls `required` are checked.
 */
export function emitStruct(scope: ModuleScope, struct: StructSchema, doc = struct.doc): string[][] {
  const out = struct.fields.flatMap((field) => outField(scope, struct, field));
  const input = struct.fields.flatMap((field) => inputField(scope, struct, field));
  const name = scope.typeName(struct.id, 'out');
  const inputName = scope.typeName(struct.id, 'input');
  const ofUnion = struct.kind === 'union' ? 'OneOf' : undefined;
  const ofInput = defaultMember(struct) === undefined ? ofUnion : 'AtMostOneOf';
  const same = ofInput === ofUnion && out.join('\n') === input.join('\n');
  return [
    statement(doc, declaration(scope, name, ofUnion, out)),
    statement(
      `Accepted values of {@link ${name}}.`,
      same ? [`export type ${inputName} = ${name};`] : declaration(scope, inputName, ofInput, input),
    ),
  ];
}

/**
 * Emits a value for the type of each struct and parameter list. Compilers with `isolatedModules` and
 * `emitDecoratorMetadata` need the value if a decorated class imports the type without `type`. The
 * value has the type `object`, so that neither `new` nor `instanceof` accepts it.
 */
export function emitTypeValues(scope: ModuleScope, structs: readonly StructSchema[]): string[][] {
  if (structs.length === 0) return [];
  const names = structs.map(({ id }) => `  ${scope.typeName(id, 'out')}: object = Object,`);
  const last = names.pop()!;
  const doc = 'Values for the types of the same names, so that decorated classes may import the types without `type`.';
  return [statement(doc, ['export const', ...names, `${last.slice(0, -1)};`])];
}

/** @param of the helper type of a union; undefined for other structs */
function declaration(scope: ModuleScope, name: string, of: string | undefined, fields: readonly string[]): string[] {
  if (of !== undefined) return block(`export type ${name} = ${scope.use(of)}<{`, fields, '}>;');
  return block(`export interface ${name} {`, fields);
}

/** Declares a field of a decoded struct. An absent field without a default is `undefined`. */
function outField(scope: ModuleScope, { kind }: StructSchema, field: FieldSchema): string[] {
  const present =
    kind === 'union' || kind === 'args' || field.requiredness === 'required' || field.defaultValue !== undefined;
  const type = outType(scope, field.type);
  return fieldLines(field, present ? `: ${type};` : `?: ${type} | undefined;`);
}

/**
 * Declares a field of a struct to encode. `null` counts as absent, and a field with a default may
 * be absent.
 */
function inputField(scope: ModuleScope, { kind }: StructSchema, field: FieldSchema): string[] {
  const needed = kind === 'args' || field.requiredness === 'required';
  const must = kind === 'union' || (needed && field.defaultValue === undefined);
  const type = inputType(scope, field.type);
  return fieldLines(field, must ? `: ${type};` : `?: ${type} | null | undefined;`);
}

function fieldLines({ name, doc }: FieldSchema, rest: string): string[] {
  return [...docLines(doc, '  '), `  ${name}${rest}`];
}
