import type { EnumSchema } from '../../idl/schema.js';
import { docLines } from './literal.js';
import { WIDTH } from './emit-struct.js';
import type { ModuleScope } from './module-scope.js';

/** Names that TypeScript or JavaScript refuses for the member of an enum. */
const NOT_MEMBERS = new Set(['NaN', 'Infinity', '__proto__']);

/** The TypeScript name of an enum's member. */
export function memberName(name: string): string {
  return NOT_MEMBERS.has(name) ? `${name}_` : name;
}

/**
 * An enum and what may be given for it: a value, or the name of one. What is decoded may be a number that a newer IDL declares.
 *
 * With `declareOnly` the enum is the type of its numbers, for there is no value to take members from.
 */
export function emitEnum(scope: ModuleScope, declared: EnumSchema): string[] {
  const name = scope.typeName(declared.id, 'out');
  const input = scope.typeName(declared.id, 'input');
  const comment = docLines(`What may be given for {@link ${name}}: also the name of a member.`);
  if (scope.options.declareOnly) {
    const list = [...declared.values].map(([member, value]) => `${member} = ${value}`).join(', ');
    const doc = [declared.doc, list].filter((text) => text).join('\n\n');
    const numbers = [...new Set(declared.values.values())].map(String);
    const names = [...declared.values.keys()].map((member) => `'${member}'`);
    return [
      ...docLines(doc === '' ? undefined : doc),
      ...unionAlias(name, numbers.length === 0 ? ['number'] : numbers),
      '',
      ...comment,
      ...unionAlias(input, [name, ...names]),
    ];
  }
  const members = [...declared.values].map(([member, value]) => `  ${memberName(member)} = ${value},`);
  return [
    ...docLines(declared.doc),
    ...(members.length === 0 ? [`export enum ${name} {}`] : [`export enum ${name} {`, ...members, '}']),
    '',
    ...comment,
    ...unionAlias(input, [name, `keyof typeof ${name}`]),
  ];
}

function unionAlias(name: string, types: readonly string[]): string[] {
  const flat = `export type ${name} = ${types.join(' | ')};`;
  if (flat.length <= WIDTH) return [flat];
  const lines = types.map((type, i) => `  | ${type}${i === types.length - 1 ? ';' : ''}`);
  return [`export type ${name} =`, ...lines];
}
