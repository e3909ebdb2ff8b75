import type { ConstSchema, ConstValue, ThriftType } from '../../idl/schema.js';
import { dataLiteral, docLines, type Literal, text } from './literal.js';
import { memberName } from './emit-enum.js';
import { WIDTH } from './emit-struct.js';
import { layOut } from './lay-out.js';
import type { ModuleScope } from './module-scope.js';
import { constantType, outType } from './type-text.js';

/** A constant: typed, and in the shape that decoding its type gives, with the defaults of structs filled in. */
export function emitConstant(scope: ModuleScope, constant: ConstSchema): string[] {
  const name = scope.names.constants.get(constant.name) ?? constant.name;
  const literal = constLiteral(scope, constant.type, constant.value);
  const type =
    literal.kind === 'text' && /^-?[0-9]+n$/.test(literal.text) ? 'bigint' : constantType(scope, constant.type);
  const head = `export const ${name}: ${type} =`;
  const taken = head.length + 2;
  const value = layOut(literal, { indent: '', taken, width: WIDTH, mustBreak });
  const fits = literal.kind !== 'text' || taken + value.length <= WIDTH;
  const ignore = taken > WIDTH ? ['// prettier-ignore'] : [];
  return [...docLines(constant.doc), ...ignore, ...(fits ? [`${head} ${value};`] : [head, `  ${value};`])];
}

/** A list of several objects or lists, each with several entries, is a table: one row a line. */
function mustBreak(literal: Literal): boolean {
  if (literal.kind !== 'array' || literal.items.length < 2) return false;
  const isRow = (item: Literal): boolean =>
    (item.kind === 'array' && item.call === undefined && item.items.length > 1) ||
    (item.kind === 'object' && item.suffix === undefined && item.entries.length > 1);
  return literal.items.every((item) => isRow(item) && item.kind === literal.items[0]?.kind);
}

function constLiteral(scope: ModuleScope, type: ThriftType, value: ConstValue): Literal {
  switch (type.kind) {
    case 'list':
      return { kind: 'array', items: (value as ConstValue[]).map((item) => constLiteral(scope, type.element, item)) };
    case 'set': {
      const items = [...(value as ReadonlySet<ConstValue>)].map((item) => constLiteral(scope, type.element, item));
      return { kind: 'array', call: 'new Set', items };
    }
    case 'map': {
      const items = [...(value as ReadonlyMap<ConstValue, ConstValue>)].map(([from, to]): Literal => {
        return { kind: 'array', items: [constLiteral(scope, type.key, from), constLiteral(scope, type.value, to)] };
      });
      return { kind: 'array', call: 'new Map', items };
    }
    case 'struct':
      return structLiteral(scope, type, value as Readonly<Record<string, ConstValue>>);
    case 'enum':
      return text(enumText(scope, type.id, value as number));
    case 'i64':
      return i64Literal(scope, value as bigint);
    default:
      return dataLiteral(value);
  }
}

function structLiteral(
  scope: ModuleScope,
  type: Extract<ThriftType, { kind: 'struct' }>,
  values: Readonly<Record<string, ConstValue>>,
): Literal {
  const struct = scope.schema.structs.get(type.id);
  if (!struct) throw new TypeError(`the schema does not declare ${JSON.stringify(type.id)}`);
  let complete = true;
  const entries = struct.fields.flatMap(({ name, type: of, defaultValue, requiredness }): [string, Literal][] => {
    const given = Object.hasOwn(values, name) ? values[name] : undefined;
    const value = given ?? (struct.kind === 'union' ? undefined : defaultValue);
    if (value !== undefined) return [[name, constLiteral(scope, of, value)]];
    if (requiredness === 'required') complete = false;
    return [];
  });
  if (struct.kind === 'union' && entries.length === 0) complete = false;
  // The IDL lets constants leave out required fields; the compiler has to be told.
  return { kind: 'object', entries, ...(complete ? {} : { suffix: ` as ${outType(scope, type)}` }) };
}

function enumText(scope: ModuleScope, id: string, value: number): string {
  const name = scope.typeName(id, 'out', true);
  const member = [...(scope.schema.enums.get(id)?.values ?? [])].find(([, number]) => number === value)?.[0];
  if (member === undefined) throw new TypeError(`the enum ${JSON.stringify(id)} has no value ${value}`);
  return `${name}.${memberName(member)}`;
}

/** Beyond what a number holds exactly a constant stays a bigint. */
function i64Literal(scope: ModuleScope, value: bigint): Literal {
  const exact = BigInt.asIntN(53, value) === value || Number.isSafeInteger(Number(value));
  return text(scope.options.i64 === 'number' && exact ? String(value) : `${value}n`);
}
