import type { ThriftType } from '../../idl/schema.js';
import { isNamed, type Unit } from './unit.js';

/** Emits the read function of a list or set. */
export function emitReadList(unit: Unit, type: Extract<ThriftType, { kind: 'list' | 'set' }>): string {
  const list = type.kind === 'list';
  return [
    `function ${unit.reader(type)}(r) {`,
    `const n = ${unit.read.listSize(type.element)};`,
    list ? undefined : chargeKeys(type.element),
    list ? 'const items = [];' : 'const items = new Set();',
    'let i = 0, x;',
    'try {',
    unit.read.begin,
    'for (; i < n; i++) {',
    unit.read.marks?.element,
    emitElement(unit, type.element, 'x'),
    list ? 'items.push(x);' : 'items.add(x);',
    '}',
    unit.read.marks?.listEnd,
    unit.read.end,
    '} catch (e) { throw within(e, i); }',
    'r.depth--;',
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
    chargeKeys(type.key),
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
    '}',
    unit.read.marks?.mapEnd,
    unit.read.end,
    "} catch (e) { throw within(e, '[' + at + ' ' + i + ']'); }",
    'r.depth--;',
    'return items;',
    '}',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/**
 * Lists the types whose values are numbers or bigints. The engine hashes these values without a
 * seed.
 */
const NUMERIC: ReadonlySet<ThriftType['kind']> = new Set(['i8', 'i16', 'i32', 'i64', 'double', 'enum']);

function chargeKeys({ kind }: ThriftType): string | undefined {
  return NUMERIC.has(kind) ? 'r.chargeKeys(n);' : undefined;
}

function emitElement(unit: Unit, type: ThriftType, target: string): string {
  return isNamed(type) ? unit.read.call(unit.reader(type), target) : unit.read.element(type, target);
}

function emitKey(unit: Unit, type: ThriftType, target: string): string {
  return isNamed(type) || !unit.read.key ? emitElement(unit, type, target) : unit.read.key(type, target);
}
