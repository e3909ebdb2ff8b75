import type { FieldSchema, StructSchema, ThriftType } from '../../idl/schema.js';
import { emitConst } from './emit-const.js';
import { literal, readProperty } from './identifiers.js';
import { typeText } from './type-tags.js';
import { isNamed, type Unit } from './unit.js';

/** The write function of a struct, union, exception or parameter list. */
export function emitWriteStruct(unit: Unit, type: Extract<ThriftType, { kind: 'struct' }>): string {
  const struct = unit.struct(type.id);
  const union = struct.kind === 'union';
  const strict = unit.options.unknownKeys === 'reject';
  return [
    `function ${unit.writer(type)}(w, v) {`,
    `if (!isStruct(v)) throw wrong(${JSON.stringify(`${struct.name} (an object)`)}, v);`,
    strict ? `rejectUnknown(v, ${unit.keySet(type, struct.fields)});` : '',
    'w.enter();',
    union ? 'let at = "", members = 0;' : 'let at = "";',
    'try {',
    unit.write.begin,
    ...emitFields(unit, struct),
    unit.write.end,
    '} catch (e) { throw within(e, at); }',
    'w.depth--;',
    '}',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** The fields and the stop. Room is reserved once for each run of fields up to one that may move the writer's memory. */
function emitFields(unit: Unit, struct: StructSchema): string[] {
  const { write } = unit;
  const lines: string[] = [];
  let run: string[] = [];
  let room = 0;
  const flush = (): void => {
    lines.push(write.reserve(room), ...run);
    run = [];
    room = 0;
  };
  for (const [index, field] of struct.fields.entries()) {
    run.push(emitField(unit, struct, field, `x${index}`));
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

function emitField(unit: Unit, struct: StructSchema, field: FieldSchema, x: string): string {
  const { write } = unit;
  const { type, id } = field;
  const union = struct.kind === 'union';
  const required = field.requiredness === 'required' && !union;
  // A required field must be on the wire, so its default is; any other is left to the reader, who knows it too.
  const fallback =
    required && field.defaultValue !== undefined ? ` ?? ${emitConst(unit, type, field.defaultValue)}` : '';
  const value = isNamed(type)
    ? `${write.fieldHeader(type, id)} ${write.call(unit.writer(type), x)}`
    : write.field(type, id, x, unit.enumName(type));
  return [
    `at = ${literal(field.name)};`,
    `const ${x} = ${readProperty('v', field.name)}${fallback};`,
    `if (${x} !== undefined && ${x} !== null) {`,
    union ? 'members++;' : '',
    value,
    required && fallback === '' ? `} else throw missing(${JSON.stringify(typeText(type))});` : '}',
  ]
    .filter((line) => line !== '')
    .join('\n');
}
