import { describe, expect, it } from '@jest/globals';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchema } from '../../lib/idl/load-schema.js';
import type { ConstValue, FieldSchema, ThriftType } from '../../lib/idl/schema.js';
import { fixture } from './support.js';

const schema = loadSchema(fixture('kitchen-sink.thrift'));

function struct(name: string) {
  return schema.structs.get(`kitchen-sink.${name}`);
}

function field(owner: string, name: string): FieldSchema | undefined {
  return struct(owner)?.fields.find((candidate) => candidate.name === name);
}

describe('the kitchen-sink schema', () => {
  it('contains the program name, the files and the namespaces', () => {
    expect(schema.program).toBe('kitchen-sink');
    expect(schema.files).toEqual(
      ['kitchen-sink.thrift', 'shared/base.thrift', 'shared/units/units.thrift'].map(fixture),
    );
    expect([...schema.namespaces]).toEqual([
      ['*', 'example.sink'],
      ['java', 'com.example.sink'],
      ['smalltalk.category', 'ExampleFree'],
    ]);
  });

  it('lists every definition once, included definitions first', () => {
    expect([...schema.enums.keys()]).toEqual([
      'units.Unit',
      'base.Colour',
      'kitchen-sink.Priority',
      'kitchen-sink.Empty',
    ]);
    expect([...schema.services.keys()]).toEqual(['base.Pinger', 'kitchen-sink.Keeper', 'kitchen-sink.Second']);
    expect([...schema.structs].map(([id, { kind }]) => `${kind} ${id}`)).toEqual([
      'struct base.Point',
      'exception base.Failure',
      'args base.Pinger.ping_args',
      'struct kitchen-sink.Entry',
      'union kitchen-sink.Tag',
      'exception kitchen-sink.Refused',
      'struct kitchen-sink.Later',
      'struct kitchen-sink.constructor',
      'args kitchen-sink.Keeper.store_args',
      'args kitchen-sink.Keeper.forget_args',
      'args kitchen-sink.Keeper.listAll_args',
      'args kitchen-sink.Keeper.nothing_args',
      'args kitchen-sink.Keeper.tags_args',
      'args kitchen-sink.Second.more_args',
    ]);
  });

  const CONSTANTS: readonly (readonly [name: string, kind: ThriftType['kind'], value: ConstValue])[] = [
    ['YES', 'bool', true],
    ['NO', 'bool', false],
    ['TINY', 'i8', -128],
    ['SMALL', 'i16', 32767],
    ['MEDIUM', 'i32', -2147483648],
    ['BIG', 'i64', 2n ** 63n - 1n],
    ['BIGGEST_NEGATIVE', 'i64', -(2n ** 63n)],
    ['ZEROES', 'i32', 7],
    ['PI', 'double', 3.14],
    ['HALF', 'double', 0.5],
    ['MINUS', 'double', -0.0015],
    ['WHOLE', 'double', 3],
    ['PLAIN', 'string', "it's"],
    ['QUOTED', 'string', 'say "hi"\t\'there\' \\ \r\n'],
    ['TYPED', 'string', "it's"],
    ['BYTES', 'binary', Buffer.from('grüße')],
    ['ID', 'uuid', '00112233-4455-6677-8899-aabbccddeeff'],
    ['BRACED', 'uuid', '00112233-4455-6677-8899-aabbccddeeff'],
    ['FIRST', 'enum', 6],
    ['BY_NUMBER', 'enum', 16],
    ['SHADE', 'enum', 2],
    ['SHADE_NUMBER', 'i32', 2],
    ['COPY', 'i32', -2147483648],
    ['WIDENED', 'double', 32767],
    ['BORROWED', 'string', 'hello'],
    ['NUMBERS', 'list', [1, 2, 3, -4]],
    ['WORDS', 'set', new Set(['a', 'b'])],
    ['NOTHING', 'set', new Set()],
    ['PLANS', 'map', new Map([['now', [16, 5]] as const, ['never', []] as const])],
    ['NO_MAP', 'map', new Map()],
    ['ORIGIN', 'struct', { x: 0, label: 'hello' }],
    ['PATH', 'list', [{ x: 0 }, { x: 1.5, y: 2 }]],
  ];

  it.each(CONSTANTS)('converts the constant %s to %s', (name, kind, value) => {
    const constant = schema.constants.get(`kitchen-sink.${name}`);
    expect(constant?.type.kind).toBe(kind);
    expect(constant?.value).toStrictEqual(value);
  });

  it('contains no constants beyond the declared and the included constants', () => {
    expect([...schema.constants.keys()]).toEqual([
      'base.GREETING',
      ...CONSTANTS.map(([name]) => `kitchen-sink.${name}`),
    ]);
  });

  it('numbers enum values like the Apache compiler and keeps aliases', () => {
    expect(schema.enums.get('kitchen-sink.Priority')).toEqual({
      id: 'kitchen-sink.Priority',
      name: 'Priority',
      values: new Map([
        ['LOW', 0],
        ['NORMAL', 5],
        ['HIGH', 6],
        ['URGENT', 16],
        ['NONE', -1],
        ['ALSO_LOW', 0],
      ]),
      annotations: { open: 'true' },
      doc: 'How urgent it is.',
    });
  });

  it('keeps fields in order with ids, requiredness and defaults', () => {
    const rows = struct('Entry')?.fields.map(({ id, name, requiredness, defaultValue }) =>
      defaultValue === undefined ? [id, requiredness, name] : [id, requiredness, name, defaultValue],
    );
    expect(rows).toEqual([
      [1, 'required', 'path'],
      [2, 'optional', 'priority', 5],
      [3, 'default', 'at', 0n],
      [4, 'default', 'children'],
      [5, 'default', 'ids'],
      [-1, 'default', 'data'],
      [-2, 'default', 'implicit'],
      [10, 'optional', 'required', true],
      [11, 'default', 'namespace'],
      [12, 'default', 'list', 3],
      [13, 'default', 'where', { x: 1 }],
      [14, 'default', 'weights', new Map([['a', 1] as const, ['b', 0.5] as const])],
      [15, 'default', 'unit', 0],
      [16, 'default', 'later'],
    ]);
  });

  it('resolves typedefs, recursion, included types and types declared later', () => {
    expect(field('Entry', 'at')?.type).toEqual({ kind: 'i64' });
    expect(field('Entry', 'children')?.type).toEqual({
      kind: 'list',
      element: { kind: 'struct', id: 'kitchen-sink.Entry' },
    });
    expect(field('Entry', 'ids')?.type).toEqual({
      kind: 'map',
      key: { kind: 'string' },
      value: { kind: 'set', element: { kind: 'uuid' } },
    });
    expect(field('Entry', 'unit')?.type).toEqual({ kind: 'enum', id: 'units.Unit' });
    expect(field('Entry', 'later')?.type).toEqual({ kind: 'struct', id: 'kitchen-sink.Later' });
  });

  it('keeps annotations of definitions, fields and functions', () => {
    expect(struct('Entry')?.annotations).toEqual({ final: '1', 'db.table': 'entries' });
    expect(field('Entry', 'path')?.annotations).toEqual({ 'max.length': '255', trimmed: '1' });
    expect(struct('Refused')?.annotations).toEqual({ message: 'reason' });
    const keeper = schema.services.get('kitchen-sink.Keeper');
    expect(keeper?.annotations).toEqual({ version: '2' });
    expect(keeper?.functions.get('store')?.annotations).toEqual({ queue: 'store' });
  });

  it('keeps doc comments', () => {
    expect(field('Entry', 'path')?.doc).toBe('The path, with slashes.');
    expect(field('Entry', 'priority')).not.toHaveProperty('doc');
    expect(struct('Entry')).not.toHaveProperty('doc');
    expect(struct('Later')?.doc).toBe('Declared after its uses.');
    const keeper = schema.services.get('kitchen-sink.Keeper');
    expect(keeper?.doc).toBe('Keeps things.');
    expect(keeper?.functions.get('store')?.doc).toBe('Stores an entry.\n  Indented.');
  });

  it('makes the members of a union optional', () => {
    expect(struct('Tag')?.fields.map(({ requiredness }) => requiredness)).toEqual(['optional', 'optional', 'optional']);
  });

  it('describes functions with their arguments, results and exceptions', () => {
    const functions = schema.services.get('kitchen-sink.Keeper')!.functions;
    expect([...functions.values()].map(({ name, oneway, returns }) => [name, oneway, returns?.kind])).toEqual([
      ['store', true, undefined],
      ['forget', true, undefined],
      ['listAll', false, 'list'],
      ['nothing', false, undefined],
      ['tags', false, 'map'],
    ]);
    const store = functions.get('store')!;
    expect(store.args).toBe(schema.structs.get('kitchen-sink.Keeper.store_args'));
    expect(store.args.fields).toEqual([
      {
        id: 1,
        name: 'entry',
        type: { kind: 'struct', id: 'kitchen-sink.Entry' },
        requiredness: 'default',
        annotations: {},
      },
      { id: 2, name: 'tries', type: { kind: 'i32' }, requiredness: 'default', defaultValue: 3, annotations: {} },
    ]);
    expect(functions.get('forget')!.args.fields[0]?.requiredness).toBe('required');
    expect(functions.get('listAll')!.throws.map(({ id, type, requiredness }) => [id, type, requiredness])).toEqual([
      [1, { kind: 'struct', id: 'kitchen-sink.Refused' }, 'default'],
      [2, { kind: 'struct', id: 'base.Failure' }, 'default'],
    ]);
  });

  it('inherits functions from services in the same file and in included files', () => {
    expect(schema.services.get('kitchen-sink.Second')?.extends).toBe('kitchen-sink.Keeper');
    const second = findService(schema, 'Second');
    expect([...second.functions.keys()]).toEqual(['ping', 'store', 'forget', 'listAll', 'nothing', 'tags', 'more']);
    expect(second.functions.get('ping')?.args.id).toBe('base.Pinger.ping_args');
  });
});
