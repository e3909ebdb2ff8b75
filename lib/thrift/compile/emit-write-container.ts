import type { ThriftType } from '../../idl/schema.js';
import { isNamed, type Unit } from './unit.js';

/** Emits the write function of a list. */
export function emitWriteList(unit: Unit, type: Extract<ThriftType, { kind: 'list' }>): string {
  return [
    `function ${unit.writer(type)}(w, v) {`,
    `if (!Array.isArray(v)) throw wrong('list (an array)', v);`,
    'w.enter();',
    'const n = v.length;',
    'let i = 0;',
    'try {',
    unit.write.begin,
    unit.write.listHeader(type.element, 'n'),
    'for (; i < n; i++) {',
    'const x = v[i];',
    unit.write.marks?.element,
    emitElement(unit, type.element, 'x'),
    '}',
    unit.write.marks?.listEnd,
    unit.write.end,
    '} catch (e) { throw within(e, i); }',
    'w.depth--;',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/**
 * Emits the write function of a set, for a `Set` or an array. Repeated array elements are dropped.
 */
export function emitWriteSet(unit: Unit, type: Extract<ThriftType, { kind: 'set' }>): string {
  return [
    `function ${unit.writer(type)}(w, v) {`,
    'const items = v instanceof Set ? v : setOf(v);',
    'w.enter();',
    'const n = items.size;',
    'let i = 0;',
    'try {',
    unit.write.begin,
    unit.write.listHeader(type.element, 'n'),
    'for (const x of items) {',
    unit.write.marks?.element,
    emitElement(unit, type.element, 'x'),
    'i++;',
    '}',
    'if (i !== n) throw changed();',
    unit.write.marks?.listEnd,
    unit.write.end,
    '} catch (e) { throw within(e, i); }',
    'w.depth--;',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/**
 * Emits the write function of a map, for a `Map`, an array of pairs, or a plain object whose keys
 * are converted.
 */
export function emitWriteMap(unit: Unit, type: Extract<ThriftType, { kind: 'map' }>): string {
  return [
    `function ${unit.writer(type)}(w, v) {`,
    `const items = v instanceof Map ? v : mapOf(v, '${type.key.kind}');`,
    'w.enter();',
    'const n = items.size;',
    'let i = 0, at = "key";',
    'try {',
    unit.write.begin,
    unit.write.mapHeader(type.key, type.value, 'n'),
    'for (const [k, x] of items) {',
    'at = "key";',
    unit.write.marks?.key,
    emitKey(unit, type.key, 'k'),
    'at = "value";',
    unit.write.marks?.value,
    emitElement(unit, type.value, 'x'),
    'i++;',
    '}',
    'if (i !== n) throw changed();',
    unit.write.marks?.mapEnd,
    unit.write.end,
    "} catch (e) { throw within(e, '[' + at + ' ' + i + ']'); }",
    'w.depth--;',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

function emitElement(unit: Unit, type: ThriftType, x: string): string {
  const { write } = unit;
  if (isNamed(type)) return write.call(unit.writer(type), x);
  return withRoom(unit, type, write.element(type, x, unit.enumName(type)));
}

function emitKey(unit: Unit, type: ThriftType, x: string): string {
  const { write } = unit;
  if (isNamed(type) || !write.key) return emitElement(unit, type, x);
  return withRoom(unit, type, write.key(type, x, unit.enumName(type)));
}

function withRoom({ write }: Unit, type: ThriftType, source: string): string {
  const room = write.elementRoom(type);
  return room > 0 ? `${write.reserve(room)}\n${source}` : source;
}
