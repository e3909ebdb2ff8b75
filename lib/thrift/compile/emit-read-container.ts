import type { ThriftType } from '../../idl/schema.js';
import { chargeTable, checkLeast, isWatchedKey, watchKeys } from './container-costs.js';
import { isNamed, type Unit } from './unit.js';

/** Emits the read function of a list or set. */
export function emitReadList(unit: Unit, type: Extract<ThriftType, { kind: 'list' | 'set' }>): string {
  const list = type.kind === 'list';
  return [
    `function ${unit.reader(type)}(r) {`,
    `const n = ${unit.read.listSize(type.element)};`,
    checkLeast(unit, type.element),
    type.kind === 'set' ? chargeTable(type) : undefined,
    list ? undefined : watchKeys('r', type.element),
    list ? 'const items = [];' : 'const items = new Set();',
    'let i = 0, x;',
    'try {',
    unit.read.begin,
    'for (; i < n; i++) {',
    unit.read.marks?.element,
    emitElement(unit, type.element, 'x'),
    list ? 'items.push(x);' : 'items.add(x);',
    !list && isWatchedKey(type.element) ? 'if (keys !== undefined) keys.note(x, items.size);' : undefined,
    '}',
    unit.read.marks?.listEnd,
    unit.read.end,
    '} catch (e) { throw within(e, i); }',
    'r.open--;',
    'return items;',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/** Emits the read function of a map. The last of several entries with equal keys wins. */
export function emitReadMap(unit: Unit, type: Extract<ThriftType, { kind: 'map' }>): string {
  return [
    `function ${unit.reader(type)}(r) {`,
    `const n = ${unit.read.mapSize(type.key, type.value)};`,
    checkLeast(unit, type.key, type.value),
    chargeTable(type),
    watchKeys('r', type.key),
    'const items = new Map();',
    'let i = 0, at = "key", k, x;',
    'try {',
    unit.read.begin,
    'for (; i < n; i++) {',
    'at = "key";',
    unit.read.marks?.key,
    emitKey(unit, type.key, 'k'),
    'at = "value";',
    unit.read.marks?.value,
    emitElement(unit, type.value, 'x'),
    'items.set(k, x);',
    isWatchedKey(type.key) ? 'if (keys !== undefined) keys.note(k, items.size);' : undefined,
    '}',
    unit.read.marks?.mapEnd,
    unit.read.end,
    "} catch (e) { throw within(e, '[' + at + ' ' + i + ']'); }",
    'r.open--;',
    'return items;',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

function emitElement(unit: Unit, type: ThriftType, target: string): string {
  return isNamed(type) ? unit.read.call(unit.reader(type), target) : unit.read.element(type, target);
}

function emitKey(unit: Unit, type: ThriftType, target: string): string {
  return isNamed(type) || !unit.read.key ? emitElement(unit, type, target) : unit.read.key(type, target);
}
