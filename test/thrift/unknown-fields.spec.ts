import { describe, expect, it } from '@jest/globals';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import { findService } from '#lib/idl/find-service.js';
import { ThriftWriteError } from '#lib/thrift/errors.js';
import { writeBytes } from '#lib/thrift/messages.js';
import { compileService, type CodecOptions } from '#lib/thrift/service-codec.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { checkUnknownFields } from './check-unknown-fields.js';
import { codecError, structOf } from './harness.js';

const IDL = `
  struct Item { 1: string name, 2: i32 count }
  struct Order { 1: required string id, 2: list<Item> items, 3: map<string, Item> named, 4: Choice choice, 5: required i32 rank = 3 }
  union Choice { 1: string circle, 2: i32 square }
  exception Failed { 1: string why }
  struct Report { 1: Failed failed }
  service Orders { oneway void place(1: Order order), oneway void ping(), oneway void move(1: string from, 2: string to) }`;

const service = findService(loadSchemaFromText(IDL), 'Orders');

describe.each(PROTOCOLS)('unknown fields in %s', (protocol) => {
  const place = (args: unknown, method = 'place', options: CodecOptions = {}): Buffer => {
    const codec = compileService(service, protocol, options).methods.get(method)!;
    return writeBytes(protocol, (writer) => codec.write(writer, args));
  };
  const message = (args: unknown, method?: string): string => codecError(() => place(args, method)).message;

  it.each([
    [{ id: 'a', itmes: [] }, 'place.order.itmes: unknown field of Order; did you mean items?'],
    [
      { id: 'a', zebra: 1 },
      'place.order.zebra: unknown field of Order, whose fields are id, items, named, choice, rank',
    ],
    [{ idd: 'a' }, 'place.order.idd: unknown field of Order; did you mean id?'],
    [{ id: 'a', items: [{}, { nmae: 'x' }] }, 'place.order.items[1].nmae: unknown field of Item; did you mean name?'],
    [
      { id: 'a', named: { x: { cuont: 1 } } },
      'place.order.named[value 0].cuont: unknown field of Item; did you mean count?',
    ],
    [{ id: 'a', choice: { circel: 'x' } }, 'place.order.choice.circel: unknown field of Choice; did you mean circle?'],
    [
      { id: 'a', 'alice@example.org': 1 },
      'place.order: unknown field of Order, whose fields are id, items, named, choice, rank',
    ],
    [{ id: 'a', idd: null }, 'place.order.idd: unknown field of Order; did you mean id?'],
  ])('name the path and the closest field: %j', (order, text) => {
    const error = codecError(() => place({ order }));
    expect(error).toMatchObject({ code: 'ERR_THRIFT_WRITE', reason: 'unknown-field' });
    expect(error.message).toBe(text);
  });

  it.each([
    [
      { id: 1, items: [] },
      'place',
      'place: the method takes { order }, and the argument order is missing; got the keys id, items',
    ],
    [{ ordr: {} }, 'place', 'place.ordr: unknown argument; did you mean order?'],
    [{ order: { id: 'a' }, extra: 1 }, 'place', 'place: the method takes { order }; got the key extra'],
    [{ x: 1 }, 'ping', 'ping: the method takes no arguments; got the key x'],
    [
      { a: 1, 'b c': 1 },
      'move',
      'move: the method takes { from, to }, and the arguments from, to are missing; got the keys a and 1 more',
    ],
    [
      { 'b c': 1 },
      'move',
      'move: the method takes { from, to }, and the arguments from, to are missing; got a key that is no name',
    ],
  ])('of arguments say which arguments the method takes: %j', (args, method, text) => {
    expect(message(args, method)).toBe(text);
  });

  it('are left out with unknownFields: ignore, in structs and in arguments', () => {
    const known = { order: { id: 'a', items: [{ name: 'n' }] } };
    const given = { order: { id: 'a', items: [{ name: 'n', x: 1 }], y: 2 }, z: 3 };
    expect(place(given, 'place', { unknownFields: 'ignore' })).toEqual(place(known));
    expect(() => place(given)).toThrow(ThriftWriteError);
  });

  it('do not include undefined values, functions, symbols, hidden keys and what a class inherits', () => {
    class Order {
      readonly id = 'a';
      readonly items = [{ name: 'n' }];
      readonly handle = (): void => undefined;
      static create = 1;
      describe(): string {
        return this.id;
      }
      toJSON(): object {
        return { other: 1 };
      }
    }
    const hidden = Object.defineProperty({ id: 'a', items: [{ name: 'n' }] }, 'secret', { value: 1 });
    const bare = Object.assign(Object.create(null) as object, { id: 'a', items: [{ name: 'n' }] });
    const inherits = Object.assign(Object.create({ later: 1 }) as object, { id: 'a', items: [{ name: 'n' }] });
    const plain = {
      id: 'a',
      items: [{ name: 'n', gone: undefined }],
      toJSON: () => 1,
      [Symbol('s')]: 1,
      gone: undefined,
    };
    const bytes = place({ order: { id: 'a', items: [{ name: 'n' }] } });
    for (const order of [new Order(), hidden, bare, inherits, plain]) expect(place({ order })).toEqual(bytes);
  });

  it('are found in objects of a class, in objects without prototype and beside a getter', () => {
    class WithGetter {
      readonly typo = 1;
      get id(): string {
        return 'a';
      }
    }
    const bare = Object.assign(Object.create(null) as object, { id: 'a', typo: 1 });
    for (const order of [new WithGetter(), bare]) expect(message({ order })).toMatch(/^place\.order\.typo: unknown/);
  });

  it('do not include the keys that an error object has beside its fields', () => {
    const failed = { why: 'w', name: 'Failed', message: 'm', stack: 's' };
    const codec = structOf(IDL, 'Report', { protocol });
    expect(codec.hex({ failed })).toBe(codec.hex({ failed: { why: 'w' } }));
    expect(() => codec.hex({ failed: { ...failed, wyh: 1 } })).toThrow('did you mean why?');
  });

  it('agree with a slow check of every key, for any value of any schema', () => checkUnknownFields(protocol, 40));
});
