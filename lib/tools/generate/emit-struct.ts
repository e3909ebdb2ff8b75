import type { FieldSchema, StructSchema } from '../../idl/schema.js';
import { docLines } from './literal.js';
import type { ModuleScope } from './module-scope.js';
import { inputType, outType } from './type-text.js';

/** Lines longer than this are left as they are by a comment to the formatter. */
export const WIDTH = 120;

/**
 * The two types of a struct, union, exception or parameter list: `Name`, what decoding yields, and `NameInput`, what may be given.
 *
 * Parameters are typed as always present, as Thrift's own stubs have it; only those that the IDL calls `required` are checked.
 */
export function emitStruct(scope: ModuleScope, struct: StructSchema, doc = struct.doc): string[] {
  const out = struct.fields.flatMap((field) => outField(scope, struct, field));
  const input = struct.fields.flatMap((field) => inputField(scope, struct, field));
  const name = scope.typeName(struct.id, 'out');
  const inputName = scope.typeName(struct.id, 'input');
  const lines = declaration(scope, struct, { name, doc, fields: out });
  const comment = docLines(`What may be given for {@link ${name}}.`);
  if (out.join('\n') === input.join('\n')) return [...lines, '', ...comment, `export type ${inputName} = ${name};`];
  return [...lines, '', ...declaration(scope, struct, { name: inputName, doc: comment, fields: input })];
}

interface Declaration {
  readonly name: string;
  readonly doc: string | readonly string[] | undefined;
  readonly fields: readonly string[];
}

function declaration(scope: ModuleScope, { kind }: StructSchema, { name, doc, fields }: Declaration): string[] {
  const lines = typeof doc === 'string' || doc === undefined ? docLines(doc) : doc;
  if (kind === 'union') {
    const head = `export type ${name} = ${scope.use('OneOf')}<{`;
    return fields.length === 0 ? [...lines, `${head}}>;`] : [...lines, head, ...fields, '}>;'];
  }
  const head = `export interface ${name} {`;
  return fields.length === 0 ? [...lines, `${head}}`] : [...lines, head, ...fields, '}'];
}

/** Absent fields are `undefined` properties, except those with a default. */
function outField(scope: ModuleScope, { kind }: StructSchema, field: FieldSchema): string[] {
  const present =
    kind === 'union' || kind === 'args' || field.requiredness === 'required' || field.defaultValue !== undefined;
  const type = outType(scope, field.type);
  return fieldLines(field, present ? `: ${type};` : `?: ${type} | undefined;`);
}

/** `null` counts as absent, and what has a default need not be given. */
function inputField(scope: ModuleScope, { kind }: StructSchema, field: FieldSchema): string[] {
  const needed = kind === 'args' || field.requiredness === 'required';
  const must = kind === 'union' || (needed && field.defaultValue === undefined);
  const type = inputType(scope, field.type);
  return fieldLines(field, must ? `: ${type};` : `?: ${type} | null | undefined;`);
}

function fieldLines({ name, doc }: FieldSchema, rest: string): string[] {
  const line = `  ${name}${rest}`;
  return [...docLines(doc, '  '), ...(line.length > WIDTH ? ['  // prettier-ignore'] : []), line];
}
