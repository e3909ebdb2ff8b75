import type { FieldSchema, StructSchema, ThriftType } from '../../idl/schema.js';
import { costOfObject } from './container-costs.js';
import { comparisonCost, defaultCost } from './default-costs.js';
import { emitDefault } from './emit-const.js';
import { fieldId, literal, property } from './identifiers.js';
import { typeId } from './type-tags.js';
import { defaultMember, emitUnionDefault } from './union-default.js';
import { isNamed, type Unit } from './unit.js';

/**
 * Emits the read function of a struct, union, exception or parameter list.
 *
 * Every object of a struct has all declared fields in order, so that the engine sees one shape.
 * Absent fields are `undefined`.
 *
 * A lenient function behaves like the readers of Apache's compiler. It skips a declared field of
 * another type, keeps the last of several values, and accepts a union without a member. It still
 * demands required fields, as Apache's readers for C++, Java and Go do.
 */
export function emitReadStruct(unit: Unit, type: Extract<ThriftType, { kind: 'struct' }>): string {
  const struct = unit.struct(type.id);
  const union = struct.kind === 'union';
  const { read } = unit;
  const ofUnion = defaultMember(struct);
  return [
    `function ${unit.reader(type)}(r) {`,
    `r.enter(${costOfObject(struct)});`,
    union ? `let u, x${ofUnion ? ', skipped = false' : ''};` : declare(struct),
    'let at = "", t = 0, id = 0;',
    'try {',
    read.begin,
    'for (;;) {',
    'at = "";',
    read.nextField,
    'if (t === 0) break;',
    'switch (id) {',
    ...struct.fields.map((field, index) => emitCase(unit, struct, field, index)),
    `default: ${read.skip}${ofUnion ? ' skipped = true;' : ''}`,
    '}',
    '}',
    read.end,
    ...(union ? [emitNoMember(unit, struct)] : struct.fields.map(emitPresence)),
    ...(union ? [] : struct.fields.map((field, index) => emitCharge(unit, field, index))),
    '} catch (e) { throw within(e, at); }',
    'r.depth--;',
    union ? 'return u;' : emitResult(unit, struct),
    '}',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function declare(struct: StructSchema): string {
  return struct.fields.length === 0 ? '' : `let ${struct.fields.map((_, index) => `f${index}`).join(', ')};`;
}

function emitCase(unit: Unit, struct: StructSchema, field: FieldSchema, index: number): string {
  const { read } = unit;
  const union = struct.kind === 'union';
  const { type } = field;
  const target = union ? 'x' : `f${index}`;
  const { lenient = false } = unit.options;
  const ofUnion = defaultMember(struct) !== undefined;
  const wrongType = lenient
    ? `${read.skip} break;`
    : `throw mismatch(${read.foundType}, ${JSON.stringify(typeId(type))});`;
  // Values are never undefined, so a defined local means that the field has already been read.
  const again = union
    ? 'if (u !== undefined) throw secondMember();'
    : `if (${target} !== undefined) throw duplicate();`;
  return [
    `case ${fieldId(field.id)}:`,
    `at = ${literal(field.name)};`,
    `if (!(${read.isType(type)})) { ${wrongType} }`,
    lenient || ofUnion ? '' : again,
    isNamed(type) ? read.call(unit.reader(type), target) : read.field(type, target),
    union ? emitMember(unit, struct, field) : '',
    'break;',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** Emits the member of a union that was read as `x`. */
function emitMember(unit: Unit, struct: StructSchema, { name }: FieldSchema): string {
  const member = defaultMember(struct);
  if (member === undefined) return `u = { ${property(name, 'x')} };`;
  const merged = `withMember(u, ${literal(name)}, x, ${unionDefault(unit, struct, member)})`;
  const charge = `if (u !== undefined) ${chargeComparison(unit, member)}`;
  if (unit.options.lenient) return `${charge} u = ${merged} ?? { ${property(name, 'x')} };`;
  return `${charge} u = ${merged}; if (u === undefined) throw secondMember();`;
}

/** Emits the charge for the comparison of a member with the default of its union. */
function chargeComparison(unit: Unit, { type, defaultValue }: FieldSchema): string {
  return `r.charge(${comparisonCost(unit, type, defaultValue!)}, 'a comparison with the default');`;
}

/** Emits what a union without a member is. Bytes of a member that only a newer IDL declares are no default. */
function emitNoMember(unit: Unit, struct: StructSchema): string {
  const refused = unit.options.lenient ? 'u = {};' : `throw noMember(${JSON.stringify(struct.name)});`;
  const member = defaultMember(struct);
  if (member === undefined) return `if (u === undefined) ${refused}`;
  const of = unionDefault(unit, struct, member);
  const cost = defaultCost(unit, member.type, member.defaultValue!);
  const charge = cost === 0 ? '' : `r.charge(${cost}, 'the default');`;
  const made = `if (u === undefined) { ${charge} u = { ${property(member.name, `${of}.make()`)} }; }`;
  if (unit.options.lenient) return made;
  const charged = `if (skipped && u !== undefined) ${chargeComparison(unit, member)}`;
  return `${charged} if (skipped && (u === undefined || isDefaultUnion(u, ${of}))) ${refused} ${made}`;
}

function unionDefault(unit: Unit, { id }: StructSchema, member: FieldSchema): string {
  return unit.constant('default', { kind: 'struct', id }, emitUnionDefault(unit, id, member));
}

function emitPresence(field: FieldSchema, index: number): string {
  if (field.requiredness !== 'required') return '';
  return `if (f${index} === undefined) { at = ${literal(field.name)}; throw absent(${JSON.stringify(typeId(field.type))}); }`;
}

/** Emits the charge of a default, before it is made. */
function emitCharge(unit: Unit, { name, type, requiredness, defaultValue }: FieldSchema, index: number): string {
  if (defaultValue === undefined || requiredness === 'required') return '';
  const cost = defaultCost(unit, type, defaultValue);
  if (cost === 0) return '';
  return `if (f${index} === undefined) { at = ${literal(name)}; r.charge(${cost}, 'the default'); }`;
}

/** Evaluates a default anew for each object, so that objects never share a list. */
function emitResult(unit: Unit, struct: StructSchema): string {
  const members = struct.fields.map((field, index) => {
    const { defaultValue, requiredness } = field;
    const value = `f${index}`;
    if (defaultValue === undefined || requiredness === 'required') return property(field.name, value);
    return property(field.name, `${value} === undefined ? ${emitDefault(unit, struct.id, field)} : ${value}`);
  });
  return members.length === 0 ? 'return {};' : `return {\n${members.join(',\n')},\n};`;
}
