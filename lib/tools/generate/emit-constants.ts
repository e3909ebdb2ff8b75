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
  const type = /^-?[0-9]+n$/.test(value) ? 'bigint' : constantType(scope, constant.type);
  return statement(constant.doc, [`export const ${name}: ${type} = ${value};`]);
}

function constText(scope: ModuleScope, type: ThriftType, value: ConstValue): string {
  switch (type.kind) {
    case 'list':
      return arrayText((value as ConstValue[]).map((item) => constText(scope, type.element, item)));
    case 'set':
      return newText(
        'Set',
        [...(value as ReadonlySet<ConstValue>)].map((item) => constText(scope, type.element, item)),
      );
    case 'map':
      return mapText(
        'Map',
        value as ReadonlyMap<ConstValue, ConstValue>,
        (from) => constText(scope, type.key, from),
        (to) => constText(scope, type.value, to),
      );
    case 'struct':
      return structText(scope, type, value as Readonly<Record<string, ConstValue>>);
    case 'enum':
      return enumText(scope, type.id, value as number);
    case 'i64':
      return i64Text(scope, value as bigint);
    default:
      return dataText(value);
  }
}

function structText(
  scope: ModuleScope,
  type: Extract<ThriftType, { kind: 'struct' }>,
  values: Readonly<Record<string, ConstValue>>,
): string {
  const struct = scope.schema.structs.get(type.id);
  if (!struct) throw new TypeError(`the schema does not declare ${JSON.stringify(type.id)}`);
  let complete = true;
  const entries = struct.fields.flatMap(({ name, type: of, defaultValue, requiredness }): [string, string][] => {
    const given = fieldOf(values, name) as ConstValue | undefined;
    const value = given ?? (struct.kind === 'union' ? undefined : defaultValue);
    if (value !== undefined) return [[name, constText(scope, of, value)]];
    if (requiredness === 'required') complete = false;
    return [];
  });
  if (struct.kind === 'union' && entries.length === 0) complete = false;
  // Constants of the IDL may omit required fields, which the compiler would refuse.
  return objectText(entries) + (complete ? '' : ` as ${outType(scope, type)}`);
}

function enumText(scope: ModuleScope, id: string, value: number): string {
  const name = scope.typeName(id, 'out', true);
  const member = [...(scope.schema.enums.get(id)?.values ?? [])].find(([, number]) => number === value)?.[0];
  if (member === undefined) throw new TypeError(`the enum ${JSON.stringify(id)} has no value ${value}`);
  return `${name}.${memberName(member)}`;
}

/** Writes an i64. A value that no number holds exactly stays a bigint. */
function i64Text(scope: ModuleScope, value: bigint): string {
  const exact = BigInt.asIntN(53, value) === value || Number.isSafeInteger(Number(value));
  return scope.options.i64 === 'number' && exact ? String(value) : `${value}n`;
}
