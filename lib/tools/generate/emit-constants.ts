import { fieldOf } from '../../common/own-field.js';
import type { ConstSchema, ConstValue, ThriftType } from '../../idl/schema.js';
import { memberName } from './emit-enum.js';
import { arrayText, dataText, mapText, newText, objectText } from './literal.js';
import type { ModuleScope } from './module-scope.js';
import { statement } from './statement.js';
import { constantType, outType } from './type-text.js';

/**
 * Emits a typed constant. The value has the shape of a decoded value, and the defaults of structs
 * are filled in.
 */
export function emitConstant(scope: ModuleScope, constant: ConstSchema): string[] {
  const name = scope.names.constants.get(constant.name) ?? constant.name;
  const value = constText(scope, constant.type, constant.value);
  return statement(constant.doc, [`export const ${name}: ${constantType(scope, constant.type)} = ${value};`]);
}

function constText(scope: ModuleScope, type: ThriftType, value: ConstValue): string {
  switch (type.kind) {
    case 'list':
      return arrayText((value as ConstValue[]).map((item) => itemText(scope, type.element, item)));
    case 'set':
      return newText(
        outType(scope, type),
        [...(value as ReadonlySet<ConstValue>)].map((item) => itemText(scope, type.element, item)),
      );
    case 'map':
      return mapText(
        outType(scope, type),
        value as ReadonlyMap<ConstValue, ConstValue>,
        (from) => itemText(scope, type.key, from),
        (to) => itemText(scope, type.value, to),
      );
    case 'struct':
      return structText(scope, type, value as Fields).text;
    case 'enum':
      return enumText(scope, type.id, value as number);
    case 'i64':
      return `${value as bigint}${scope.options.i64 === 'number' ? '' : 'n'}`;
    default:
      return dataText(value);
  }
}

/**
 * Writes an item of a list, set or map. An item whose type would depend on its value bears its declared
 * type. Otherwise the compiler compares the types of all items, and gives up at 1 024 of them.
 */
function itemText(scope: ModuleScope, type: ThriftType, value: ConstValue): string {
  if (type.kind === 'struct') {
    const { text, isTyped } = structText(scope, type, value as Fields);
    return isTyped ? text : `${text} as ${outType(scope, type)}`;
  }
  const text = constText(scope, type, value);
  return variesByValue(scope, type) ? `${text} as ${outType(scope, type)}` : text;
}

/** Enums of at least this many members can fill a table whose items have too many types. */
const LARGE_ENUM = 256;

function variesByValue({ schema }: ModuleScope, type: ThriftType): boolean {
  if (type.kind === 'enum') return (schema.enums.get(type.id)?.values.size ?? 0) >= LARGE_ENUM;
  return type.kind === 'list' && type.element.kind === 'enum';
}

type Fields = Readonly<Record<string, ConstValue>>;

function structText(
  scope: ModuleScope,
  type: Extract<ThriftType, { kind: 'struct' }>,
  values: Fields,
): { readonly text: string; readonly isTyped: boolean } {
  const struct = scope.schema.structs.get(type.id);
  if (!struct) throw new TypeError(`the schema does not declare ${JSON.stringify(type.id)}`);
  const isUnion = struct.kind === 'union';
  const isSet = struct.fields.some(({ name }) => fieldOf(values, name) !== undefined);
  let complete = true;
  const entries = struct.fields.flatMap(({ name, type: of, defaultValue, requiredness }): [string, string][] => {
    const given = fieldOf(values, name) as ConstValue | undefined;
    // A union without a member is its default.
    const value = given ?? (isUnion && isSet ? undefined : defaultValue);
    if (value !== undefined) return [[name, constText(scope, of, value)]];
    if (requiredness === 'required') complete = false;
    return [];
  });
  if (isUnion && entries.length === 0) complete = false;
  // Constants of the IDL may omit required fields, which the compiler would refuse.
  return { text: objectText(entries) + (complete ? '' : ` as ${outType(scope, type)}`), isTyped: !complete };
}

function enumText(scope: ModuleScope, id: string, value: number): string {
  const name = scope.typeName(id, 'out', true);
  const member = [...(scope.schema.enums.get(id)?.values ?? [])].find(([, number]) => number === value)?.[0];
  if (member === undefined) throw new TypeError(`the enum ${JSON.stringify(id)} has no value ${value}`);
  return `${name}.${memberName(member)}`;
}
