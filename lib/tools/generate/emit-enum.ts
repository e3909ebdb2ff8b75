import type { EnumSchema } from '../../idl/schema.js';
import type { ModuleScope } from './module-scope.js';
import { block, statement } from './statement.js';

/** Names that TypeScript or JavaScript refuses for the member of an enum. */
const NOT_MEMBERS = new Set(['NaN', 'Infinity', '__proto__']);

/** Returns the TypeScript name of an enum's member. */
export function memberName(name: string): string {
  return NOT_MEMBERS.has(name) ? `${name}_` : name;
}

/**
 * Emits two types of an enum: `Name` for decoded values, and `NameInput`, which also accepts the
 * names of members. A decoded value may be a number that only a newer IDL declares.
 *
 * With `declareOnly` the type `Name` is a union of numbers, because a module without values cannot
 * hold the members. With `enums: 'const'` the type is a union of the numbers in an object of the members.
 */
export function emitEnum(scope: ModuleScope, declared: EnumSchema): string[][] {
  if (scope.options.declareOnly) return emitEnumType(scope, declared);
  return scope.options.enums === 'const' ? emitEnumObject(scope, declared) : emitEnumValue(scope, declared);
}

function emitEnumType(scope: ModuleScope, { id, doc = '', values }: EnumSchema): string[][] {
  const name = scope.typeName(id, 'out');
  const list = [...values].map(([member, value]) => `${member} = ${value}`).join(', ');
  const docs = [doc, list].filter((text) => text).join('\n\n');
  const numbers = [...new Set(values.values())].map(String);
  const names = [...values.keys()].map((member) => `'${member}'`);
  return [
    statement(docs === '' ? undefined : docs, [`export type ${name} = ${numbers.join(' | ') || 'number'};`]),
    inputType(scope, id, names),
  ];
}

function emitEnumValue(scope: ModuleScope, { id, doc, values }: EnumSchema): string[][] {
  const name = scope.typeName(id, 'out');
  const members = [...values].map(([member, value]) => `  ${memberName(member)} = ${value},`);
  return [statement(doc, block(`export enum ${name} {`, members)), inputType(scope, id, namesOf(name, values))];
}

function emitEnumObject(scope: ModuleScope, { id, doc, values }: EnumSchema): string[][] {
  const name = scope.typeName(id, 'out');
  const members = [...values].map(([member, value]) => `  ${memberName(member)}: ${value},`);
  const numbers = values.size === 0 ? 'number' : `(typeof ${name})[keyof typeof ${name}]`;
  return [
    statement(doc, block(`export const ${name} = {`, members, '} as const;')),
    statement(`Numbers of {@link ${name}}. A newer IDL may have others.`, [`export type ${name} = ${numbers};`]),
    inputType(scope, id, namesOf(name, values)),
  ];
}

/** Returns the types of the names that encoders accept: those of the IDL, not those of TypeScript. */
function namesOf(name: string, values: ReadonlyMap<string, number>): string[] {
  const renamed = [...values.keys()].filter((member) => memberName(member) !== member);
  if (renamed.length === 0) return [`keyof typeof ${name}`];
  const without = renamed.map((member) => `'${memberName(member)}'`).join(' | ');
  return [`Exclude<keyof typeof ${name}, ${without}>`, ...renamed.map((member) => `'${member}'`)];
}

function inputType(scope: ModuleScope, id: string, others: readonly string[]): string[] {
  const name = scope.typeName(id, 'out');
  return statement(`Accepted values of {@link ${name}}: a value or the name of a member.`, [
    `export type ${scope.typeName(id, 'input')} = ${[name, ...others].join(' | ')};`,
  ]);
}
