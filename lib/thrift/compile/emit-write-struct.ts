import type { FieldSchema, StructSchema, ThriftType } from '../../idl/schema.js';
import { costOfObject } from './container-costs.js';
import { defaultCost } from './default-costs.js';
import { emitDefault } from './emit-const.js';
import { lacksProperty, literal, readProperty } from './identifiers.js';
import { typeId } from './type-tags.js';
import { defaultMember, emitUnionDefault } from './union-default.js';
import { isNamed, type Unit } from './unit.js';

/** Emits the write function of a struct, union, exception or parameter list. */
export function emitWriteStruct(unit: Unit, type: Extract<ThriftType, { kind: 'struct' }>): string {
  const struct = unit.struct(type.id);
  const union = struct.kind === 'union';
  const fields = unit.fieldNames(type, struct);
  return [
    `function ${unit.writer(type)}(w, v) {`,
    "const plain = typeof v === 'object' && v !== null && v.constructor === Object;",
    `if (!plain && !isStruct(v)) throw wrong(${JSON.stringify(`${struct.name} (an object)`)}, v);`,
    emitOneMember(unit, type, struct),
    `w.enter(${costOfObject(struct)});`,
    `let at = "", keys = ${struct.fields.length}${union ? ', members = 0' : ''};`,
    'try {',
    unit.write.begin,
    unit.write.beginStruct,
    ...emitFields(unit, struct),
    ...emitKeyCheck(fields),
    unit.write.end,
    `} catch (e) { throw writeFailure(e, at, w, v, ${fields}); }`,
    'w.depth--;',
    '}',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** Emits the choice of the one member of a union that has a default. */
function emitOneMember(unit: Unit, type: Extract<ThriftType, { kind: 'struct' }>, struct: StructSchema): string {
  const member = defaultMember(struct);
  if (member === undefined) return '';
  const of = unit.constant('default', type, emitUnionDefault(unit, struct.id, member));
  return `v = withOneMember(v, [${struct.fields.map(({ name }) => literal(name)).join(', ')}], ${of});`;
}

/**
 * Emits the check of unknown fields. By then `keys` is the number of declared keys that the object
 * has. An object without a class has an unknown field only if it has more keys. `for in` also counts
 * inherited keys, and {@link codecRuntime.checkFields} then looks at each key.
 */
function emitKeyCheck(fields: string): string[] {
  return ['at = "";', 'for (const _key in v) keys--;', `if (keys !== 0 || !plain) checkFields(w, v, ${fields});`];
}

/**
 * Emits the fields and the stop. Reserves space once per run of fields; a run ends with a field
 * that may move the writer's memory.
 */
function emitFields(unit: Unit, struct: StructSchema): string[] {
  const { write } = unit;
  const lines: string[] = [];
  let run: string[] = [];
  let room = 0;
  let after: ReadonlySet<number> = new Set([0]);
  const flush = (): void => {
    lines.push(write.reserve(room), ...run);
    run = [];
    room = 0;
  };
  for (const [index, field] of byId(struct.fields).entries()) {
    run.push(emitField(unit, struct, field, { x: `x${index}`, after }));
    after = new Set(isAlwaysWritten(struct, field) ? [field.id] : [...after, field.id]);
    room += write.fieldRoom(field.type);
    if (write.moves(field.type)) flush();
  }
  if (struct.kind === 'union') {
    run.push(`if (members !== 1) { at = ""; throw notOneMember(${JSON.stringify(struct.name)}, members); }`);
  }
  run.push(write.stop);
  room += write.stopRoom;
  flush();
  return lines;
}

/**
 * Sorts fields as Apache's compilers for C++, Java, Python and Go write them, so that equal values
 * give equal bytes.
 */
function byId(fields: readonly FieldSchema[]): readonly FieldSchema[] {
  return [...fields].sort((a, b) => a.id - b.id);
}

function isAlwaysWritten(struct: StructSchema, field: FieldSchema): boolean {
  return field.requiredness === 'required' && struct.kind !== 'union';
}

interface FieldSource {
  /** The local that holds the value. */
  readonly x: string;
  readonly after: ReadonlySet<number>;
}

/** Emits the charge of a default, which a reader makes where the field is absent. */
function emitCharge(unit: Unit, struct: StructSchema, field: FieldSchema): string {
  const { type, defaultValue } = field;
  if (defaultValue === undefined || struct.kind === 'union' || isAlwaysWritten(struct, field)) return '';
  const cost = defaultCost(unit, type, defaultValue);
  return cost === 0 ? '' : ` w.charge(${cost}, 'the default');`;
}

/**
 * Emits the default of an absent field. The wire must contain a required field. The reader knows the
 * defaults of other fields, which are written only if the writer is asked to.
 */
function emitFallback(unit: Unit, struct: StructSchema, field: FieldSchema): string {
  if (field.defaultValue === undefined || struct.kind === 'union') return '';
  const value = emitDefault(unit, struct.id, field);
  return isAlwaysWritten(struct, field) ? ` ?? ${value}` : ` ?? (w.writeDefaults ? ${value} : undefined)`;
}

function emitField(unit: Unit, struct: StructSchema, field: FieldSchema, { x, after }: FieldSource): string {
  const { write } = unit;
  const { type, id } = field;
  const required = isAlwaysWritten(struct, field);
  const fallback = emitFallback(unit, struct, field);
  const value = isNamed(type)
    ? `${write.fieldHeader(type, { id, after })} ${write.call(unit.writer(type), x)}${write.marks?.fieldEnd ?? ''}`
    : write.field(type, { id, after }, x, unit.enumName(type));
  const isCounted = required && fallback !== '';
  const uncounted = `if (${lacksProperty('v', field.name)}) keys--;`;
  const absent = required ? `throw missing(${JSON.stringify(typeId(type))});` : uncounted;
  return [
    `at = ${literal(field.name)};`,
    `const ${x} = ${readProperty('v', field.name)}${fallback};`,
    isCounted ? uncounted : '',
    `if (${x} !== undefined && ${x} !== null) {`,
    struct.kind === 'union' ? `members++; ${value}` : value,
    isCounted ? '}' : `} else { ${absent}${emitCharge(unit, struct, field)} }`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}
