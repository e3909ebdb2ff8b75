import type { ThriftType } from '../../idl/schema.js';
import { countedValues, isBaseType, isWatchedKey, watchKeys } from './container-costs.js';
import { RELOAD } from './snippets.js';
import { isNamed, type Unit } from './unit.js';

/** Emits the write function of a list. */
export function emitWriteList(unit: Unit, type: Extract<ThriftType, { kind: 'list' }>): string {
  return [
    `function ${unit.writer(type)}(w, v) {`,
    `if (!Array.isArray(v)) throw wrong('list (an array)', v);`,
    'const n = v.length;',
    `w.enterList(n, ${countedValues(type.element)});`,
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
    'w.open--;',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/**
 * Emits the write function of a set, for a `Set` or an array. Drops elements that are equal after
 * their conversion.
 */
export function emitWriteSet(unit: Unit, type: Extract<ThriftType, { kind: 'set' }>): string {
  const { element } = type;
  const byBytes = isComparedByBytes(element);
  return [
    `function ${unit.writer(type)}(w, v) {`,
    `const items = ${spelled(unit, element, 'v instanceof Set ? v : setOf(v)', 'spelledSet')};`,
    'const n = items.size;',
    `w.enterTable(n, ${countedValues(element)});`,
    watchKeys('w', element),
    'let i = 0;',
    'try {',
    unit.write.begin,
    byBytes ? 'const start = p, seen = writtenValues(n);' : undefined,
    unit.write.listHeader(element, 'n'),
    'for (const x of items) {',
    unit.write.marks?.element,
    byBytes ? 'const from = p;' : undefined,
    emitElement(unit, element, 'x'),
    byBytes ? 'if (seen !== undefined) seen.note(b, from, p);' : undefined,
    'i++;',
    isWatchedKey(element) ? 'if (keys !== undefined) keys.note(x, i);' : undefined,
    '}',
    'if (i !== n) throw changed();',
    byBytes ? emitDifferent(unit, element) : undefined,
    unit.write.marks?.listEnd,
    unit.write.end,
    '} catch (e) { throw within(e, i); }',
    'w.open--;',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/** Emits the write of a set again, from the bytes of its different elements. */
function emitDifferent(unit: Unit, element: ThriftType): string {
  return [
    'if (seen !== undefined && seen.hasEqual) {',
    'const kept = seen.different();',
    'p = start;',
    unit.write.listHeader(element, 'kept.length'),
    'for (const bytes of kept) {',
    unit.write.marks?.element,
    `w.pos = p; w.reserve(bytes.length); ${RELOAD}`,
    'b.set(bytes, p); p += bytes.length;',
    '}',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/**
 * Emits the write function of a map, for a `Map`, an array of pairs, or a plain object whose keys
 * are converted. Refuses keys that are equal after their conversion.
 */
export function emitWriteMap(unit: Unit, type: Extract<ThriftType, { kind: 'map' }>): string {
  const byBytes = isComparedByBytes(type.key);
  return [
    `function ${unit.writer(type)}(w, v) {`,
    `const items = ${spelled(unit, type.key, `v instanceof Map ? v : mapOf(v, '${type.key.kind}')`, 'spelledMap')};`,
    'const n = items.size;',
    `w.enterTable(n, ${countedValues(type.key, type.value)});`,
    watchKeys('w', type.key),
    'let i = 0, at = "key";',
    'try {',
    unit.write.begin,
    byBytes ? 'const seen = writtenValues(n);' : undefined,
    unit.write.mapHeader(type.key, type.value, 'n'),
    'for (const [k, x] of items) {',
    'at = "key";',
    unit.write.marks?.key,
    byBytes ? 'const from = p;' : undefined,
    emitKey(unit, type.key, 'k'),
    byBytes ? 'if (seen !== undefined) seen.noteKey(b, from, p);' : undefined,
    isWatchedKey(type.key) ? 'if (keys !== undefined) keys.note(k, i + 1);' : undefined,
    'at = "value";',
    unit.write.marks?.value,
    emitElement(unit, type.value, 'x'),
    'i++;',
    '}',
    'if (i !== n) throw changed();',
    unit.write.marks?.mapEnd,
    unit.write.end,
    "} catch (e) { throw within(e, '[' + at + ' ' + i + ']'); }",
    'w.open--;',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/** True for a type whose values are objects, which are equal if their bytes are. */
function isComparedByBytes(type: ThriftType): boolean {
  return type.kind === 'binary' || !isBaseType(type);
}

/** Emits the conversion of the elements of a set, or the keys of a map, to one spelling each. */
function spelled(unit: Unit, type: ThriftType, items: string, convert: 'spelledSet' | 'spelledMap'): string {
  const spelling = { i64: 'i64Spelling', uuid: 'uuidSpelling', enum: unit.enumName(type) }[type.kind as string];
  return spelling === undefined ? items : `${convert}(${items}, ${spelling})`;
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
