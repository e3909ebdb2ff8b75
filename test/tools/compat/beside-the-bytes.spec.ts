import { describe, expect, it } from '@jest/globals';
import { compareSchemas } from '../../../lib/tools/compat/compare-schemas.js';
import { wireText } from '../../../lib/tools/compat/type-text.js';
import { createEventCodec } from '../../../lib/event/event-codec.js';
import type { EventMethod } from '../../../lib/event/event-methods.js';
import { MalformedEventError } from '../../../lib/event/event-error.js';
import { findService } from '../../../lib/idl/find-service.js';
import type { Schema, ThriftService, ThriftType } from '../../../lib/idl/schema.js';
import { tagOf } from '../../../lib/thrift/compile/type-tags.js';
import { schemasOf } from './pair.js';
import { PAIRS } from './pairs/all.js';
import { structProbes } from './probes.js';

/** The rules on where calls go, and what of a route they are about. */
const RULES = {
  'queue-changed': ({ route }: EventMethod) => route.queue,
  'group-changed': ({ route }: EventMethod, args: object) => route.groupId?.(args as Record<string, unknown>),
  'dedup-changed': ({ route }: EventMethod, args: object) => route.deduplicationId?.(args as Record<string, unknown>),
  'delay-changed': ({ route }: EventMethod) => route.delaySeconds,
} as const;

function serviceOf(schema: Schema, name: string): ThriftService {
  return findService(schema, name);
}

/** Arguments that are all different, under the names of a version. */
function argumentsOf(service: ThriftService, method: string): object {
  const { fields } = service.functions.get(method)!.args;
  return Object.fromEntries(fields.map(({ id, name }) => [name, `value ${id}`]));
}

describe('routing findings', () => {
  it.each(PAIRS['routing']!)('reports exactly the routing differences of prepared calls for $name', (pair) => {
    const { before, after } = schemasOf(pair);
    const { findings, methods } = compareSchemas(before, after);
    for (const method of methods.map((name) => name.split('.')[1]!)) {
      const routes = [before, after].map((schema) => {
        const service = serviceOf(schema, 'Q');
        const args = argumentsOf(service, method);
        const prepared = createEventCodec([service]).method(method);
        return Object.entries(RULES).map(([rule, read]) => [rule, read(prepared, args)] as const);
      });
      const changed = routes[0]!.filter(([, value], at) => value !== routes[1]![at]![1]).map(([rule]) => rule);
      const told = findings
        .filter(({ place, rule }) => place === `Q.${method}` && rule in RULES)
        .map(({ rule }) => rule);
      expect(told).toEqual(changed);
    }
  });
});

describe('a method name that two services declare', () => {
  const pair = PAIRS['services']!.find(({ name }) => name === 'a second method with the same name')!;
  const { before, after } = schemasOf(pair);
  const consumer = createEventCodec(['Q', 'R'].map((name) => serviceOf(after, name)));
  const queued = (multiplexed: boolean): Buffer =>
    createEventCodec([serviceOf(before, 'Q')], { multiplexed }).encode({ method: 'run', args: {} });

  it('rejects a call without a service name when two services declare the method', () => {
    expect(() => consumer.decode(queued(false))).toThrow(MalformedEventError);
    expect(consumer.decode(queued(true))).toMatchObject([{ service: 'Q', method: 'run' }]);
  });

  it('accepts a call without a service name when one service declares the method', () => {
    const earlier = createEventCodec(['Q', 'R'].map((name) => serviceOf(before, name)));
    expect(earlier.decode(queued(false))).toMatchObject([{ service: 'Q', method: 'run' }]);
  });
});

describe('wireText', () => {
  const KINDS: Record<ThriftType['kind'], ThriftType> = {
    bool: { kind: 'bool' },
    i8: { kind: 'i8' },
    i16: { kind: 'i16' },
    i32: { kind: 'i32' },
    i64: { kind: 'i64' },
    double: { kind: 'double' },
    string: { kind: 'string' },
    binary: { kind: 'binary' },
    uuid: { kind: 'uuid' },
    list: { kind: 'list', element: { kind: 'i32' } },
    set: { kind: 'set', element: { kind: 'i32' } },
    map: { kind: 'map', key: { kind: 'i32' }, value: { kind: 'i32' } },
    struct: { kind: 'struct', id: 'x.S' },
    enum: { kind: 'enum', id: 'x.E' },
  };
  const types = Object.values(KINDS);

  it.each(types)('distinguishes $kind from the types with another wire tag', (type) => {
    for (const other of types) expect(wireText(type) === wireText(other)).toBe(tagOf(type) === tagOf(other));
  });
});

describe('structProbes', () => {
  it('generates values that set and omit each field and use each union member and enum value', () => {
    const { before } = schemasOf({
      name: '',
      old: 'enum E { A = 1, B = 2 } union U { 1: i32 a, 2: E b } struct S { 1: required U u, 2: optional list<E> l, 3: bool c }',
      new: 'struct S { }',
      found: [],
    });
    const seen = new Set(structProbes(before, before.structs.get('q.S')!).map((probe) => JSON.stringify(probe)));
    for (const part of [
      '"u":{"a":7}',
      '"u":{"b":1}',
      '"u":{"b":2}',
      '"l":[1]',
      '"l":[2]',
      '"l":[]',
      '"c":true',
      '"c":false',
    ]) {
      expect([...seen].some((text) => text.includes(part))).toBe(true);
    }
    for (const key of ['"l"', '"c"']) expect([...seen].some((text) => !text.includes(key))).toBe(true);
  });
});
