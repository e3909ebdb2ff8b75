import { describe, expect, it } from '@jest/globals';
import { ContractError } from '../../lib/event/event-error.js';
import { createEventCodec } from '../../lib/event/event-codec.js';
import type { Route } from '../../lib/event/routing.js';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';

const IDL = `
  enum Kind { ONE = 1, TWO = 2 }
  struct Owner { 1: optional string id, 2: string team = "none" }
  struct Request { 1: Owner owner, 2: Owner backup = { "id": "spare" }, 3: string constructor }
  struct Inner { 1: string name }
  struct Named { 1: Inner constructor, 2: Inner toString }
  union Target { 1: string user, 2: i32 number }
`;

/** The route of a method `f` with these parameters and annotations. */
function route(parameters: string, annotations: string): Route {
  const text = `${IDL} service S { oneway void f(${parameters}) (${annotations}) }`;
  const service = findService(loadSchemaFromText(text, { fileName: 's.thrift' }), 'S');
  return createEventCodec([service]).method('f').route;
}

const int64 = { buffer: Buffer.from('00ffffffffffffffff', 'hex'), offset: 1 };

describe('a message group id', () => {
  it.each<[parameter: string, path: string, args: Record<string, unknown>, id: string]>([
    ['1: string a', 'a', { a: 'u-1' }, 'u-1'],
    ['1: i32 a', 'a', { a: -0 }, '0'],
    ['1: i64 a', 'a', { a: 2n ** 63n - 1n }, '9223372036854775807'],
    ['1: i64 a', 'a', { a: int64 }, '-1'],
    ['1: Kind a', 'a', { a: 2 }, '2'],
    ['1: Kind a', 'a', { a: 'TWO' }, '2'],
    ['1: uuid a', 'a', { a: 'ABCDEF01-0000-0000-0000-000000000000' }, 'abcdef01-0000-0000-0000-000000000000'],
    ['1: Request r', 'r.owner.id', { r: { owner: { id: 'o' } } }, 'o'],
    ['1: Request r', 'r.constructor', { r: { constructor: 'c' } }, 'c'],
    ['1: Target t', 't.number', { t: { number: 7 } }, '7'],
  ])('builds the group id from the parameter %s along the path %s', (parameter, path, args, id) => {
    expect(route(parameter, `sqs.group = "${path}"`).groupId!(args)).toBe(id);
  });

  it.each<[what: string, parameter: string, path: string, args: Record<string, unknown>, id: string]>([
    ['a field', '1: Request r', 'r.owner.team', { r: { owner: {} } }, 'none'],
    ['a struct on the way', '1: Request r', 'r.backup.id', { r: {} }, 'spare'],
    ['a parameter', '1: string a = "x"', 'a', { a: null }, 'x'],
  ])('uses the IDL default in the group id where %s is not set', (_, parameter, path, args, id) => {
    expect(route(parameter, `sqs.group = "${path}"`).groupId!(args)).toBe(id);
  });

  it.each<[what: string, parameter: string, path: string, args: Record<string, unknown>]>([
    ['is empty', '1: string a', 'a', { a: '' }],
    ['is in a struct that is not set', '1: Request r', 'r.owner.id', { r: {} }],
    ['is optional and not set', '1: Request r', 'r.owner.id', { r: { owner: {} } }],
    ['is another member of a union', '1: Target t', 't.user', { t: { number: 1 } }],
    ['bears the name of an inherited property', '1: Request r', 'r.constructor', { r: {} }],
    ['is below such a name', '1: Named n', 'n.constructor.name', { n: {} }],
    ['is below another such name', '1: Named n', 'n.toString.name', { n: new (class Named {})() }],
  ])('refuses a call when the value of its group id %s', (_, parameter, path, args) => {
    const { groupId } = route(parameter, `sqs.group = "${path}"`);
    const message = `S.f: sqs.group in s.thrift is "${path}", which is not set in this call; set the field, or set the id with ThriftRecordBuilder`;
    expect(() => groupId!(args)).toThrow(new ContractError('missing-id', message));
  });

  it.each([
    [{}, 'no keys'],
    [{ a: null, b: 1 }, 'the keys a, b'],
    [{ id: 1 }, 'the key id'],
  ])('names the missing argument before the group id: %j', (args, got) => {
    const { groupId } = route('1: string a, 2: i32 b', 'sqs.group = "a"');
    const message = `S.f: the method takes { a, b }, and the argument a is missing; got ${got}. sqs.group in s.thrift needs the argument; set the argument, or set the id with ThriftRecordBuilder`;
    expect(() => groupId!(args)).toThrow(new ContractError('missing-argument', message));
  });
});

describe('the rest of a route', () => {
  it('reads queue, delay, group and deduplication from the annotations', () => {
    const { queue, delaySeconds } = route('1: string a', 'sqs.queue = "a", sqs.delay = "30"');
    expect({ queue, delaySeconds }).toEqual({ queue: 'a', delaySeconds: 30 });
    const { groupId, deduplicationId, ...rest } = route(
      '1: string a, 2: string b',
      'sqs.queue = "a.fifo", sqs.group = "a", sqs.dedup = "b"',
    );
    const args = { a: '1', b: '2' };
    expect([groupId!(args), deduplicationId!(args), rest]).toEqual(['1', '2', { queue: 'a.fifo' }]);
  });

  it('returns an empty route for a method without annotations', () => {
    expect(route('1: string a', '')).toEqual({});
  });
});
