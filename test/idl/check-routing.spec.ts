import { describe, expect, it } from '@jest/globals';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { errorOf, expectedMessage } from './support.js';

const KNOWN = 'known are sqs.queue, sqs.group, sqs.dedup, sqs.delay';
const IDS = 'an id must be one of string, uuid, i8, i16, i32, i64, enum';
const NOT_A_NAME =
  'cannot be the name of a queue: 1 to 80 letters, digits, "-" and "_", and ".fifo" at the end of a FIFO queue\'s. ' +
  'a URL or ARN belongs to one environment: map this name to it with the client option queueNames';
const STRUCTS = 'struct U { 1: string id, 2: bool on }\nstruct R { 1: U user, 2: list<string> tags }\n';

/** Lists each mistake, the IDL after {@link STRUCTS}, the position and the error text. */
const WRONG: readonly (readonly [idl: string, place: string, message: string])[] = [
  [
    'service S { oneway void f() (sqs.que = "a") }',
    '3:30',
    `unknown annotation "sqs.que": did you mean "sqs.queue"? (${KNOWN})`,
  ],
  ['service S {} (sqs.ttl = "a")', '3:15', `unknown annotation "sqs.ttl" (${KNOWN})`],
  ['service S {} (sqs.queue = "a b")', '3:27', `"a b" ${NOT_A_NAME}`],
  ['service S {} (sqs.queue = "http://127.0.0.1/1/a")', '3:27', `"http://127.0.0.1/1/a" ${NOT_A_NAME}`],
  [`service S {} (sqs.queue = "${'a'.repeat(76)}.fifo")`, '3:27', `"${'a'.repeat(76)}.fifo" ${NOT_A_NAME}`],
  ['service S {} (sqs.delay = "901")', '3:27', '"901" cannot be a delay: 0 to 900 whole seconds'],
  ['service S {} (sqs.delay = "1.5")', '3:27', '"1.5" cannot be a delay: 0 to 900 whole seconds'],
  ['service S {} (sqs.delay = "-1")', '3:27', '"-1" cannot be a delay: 0 to 900 whole seconds'],
  ['service S {} (sqs.delay = "")', '3:27', '"" cannot be a delay: 0 to 900 whole seconds'],
  [
    'service S { i32 f() (sqs.queue = "a") }',
    '3:22',
    '"sqs.queue" has no effect here: "f" is not oneway, so its calls are never queued',
  ],
  [
    'service S { oneway void f(1: R r) (sqs.group = "q.user.id") }',
    '3:48',
    'sqs.group of "f": there is no "q" in the parameters (there are r)',
  ],
  [
    'service S { oneway void f(1: R request) (sqs.dedup = "request.usr.id") }',
    '3:54',
    'sqs.dedup of "f": there is no "usr" in R: did you mean "user"? (there are user, tags)',
  ],
  [
    'service S { oneway void f(1: R r) (sqs.group = "r.user.id.x") }',
    '3:48',
    'sqs.group of "f": there is no "x" in id (id has no fields)',
  ],
  [
    'service S { oneway void f(1: R r) (sqs.group = "") }',
    '3:48',
    'sqs.group of "f": there is no "" in the parameters (there are r)',
  ],
  [
    'service S { oneway void f(1: R r) (sqs.group = "r.user") }',
    '3:48',
    `sqs.group of "f": "r.user" is a struct, and ${IDS}`,
  ],
  [
    'service S { oneway void f(1: R r) (sqs.group = "r.user.on") }',
    '3:48',
    `sqs.group of "f": "r.user.on" is a bool, and ${IDS}`,
  ],
  [
    'service S { oneway void f(1: R r) (sqs.group = "r.tags") }',
    '3:48',
    `sqs.group of "f": "r.tags" is a list, and ${IDS}`,
  ],
  [
    'service S { oneway void f(1: R r) (sqs.queue = "a.fifo") }',
    '3:48',
    '"a.fifo" is a FIFO queue, so every call needs a message group: name the parameter that groups "f", as in sqs.group = "request.userId" (parameters: r)',
  ],
  [
    'service S { oneway void f() } (sqs.queue = "a.fifo")',
    '3:44',
    '"a.fifo" is a FIFO queue, so every call needs a message group: name the parameter that groups "f", as in sqs.group = "request.userId" (parameters: none)',
  ],
  [
    'service S { oneway void f(1: string a) (sqs.group = "a", sqs.delay = "5") } (sqs.queue = "a.fifo")',
    '3:70',
    '"a.fifo" is a FIFO queue, which takes a delay only for the whole queue, not for a call',
  ],
  [
    'service S { oneway void f(1: string a) (sqs.dedup = "a") } (sqs.queue = "a")',
    '3:53',
    '"a" is a standard queue, which stores every message: only FIFO queues deduplicate',
  ],
  [
    'service A { oneway void f(1: string a) } service B extends A {} (sqs.queue = "b.fifo")',
    '3:78',
    '"b.fifo" is a FIFO queue, so every call needs a message group: name the parameter that groups "f", as in sqs.group = "request.userId" (parameters: a)',
  ],
  [
    'struct A { 1: i32 a (sqs.group = "a") }',
    '3:22',
    '"sqs.group" has no effect here: use it on a function or a service',
  ],
  [
    'service S { oneway void f(1: i32 a (sqs.group)) }',
    '3:37',
    '"sqs.group" has no effect here: use it on a function or a service',
  ],
  ['enum E { A (sqs.x = "1") }', '3:13', '"sqs.x" has no effect here: use it on a function or a service'],
];

function routing(idl: string, service = 'S'): Record<string, object> {
  const found = findService(loadSchemaFromText(STRUCTS + idl), service);
  return Object.fromEntries(
    [...found.routing].map(([name, { groupId, deduplicationId, ...rest }]) => [
      name,
      {
        ...rest,
        ...(groupId && { group: groupId.map((field) => field.name).join('.') }),
        ...(deduplicationId && { dedup: deduplicationId.map((field) => field.name).join('.') }),
      },
    ]),
  );
}

describe('routing annotations', () => {
  it.each(WRONG)('refuses the annotations in: %s', (idl, place, message) => {
    const text = STRUCTS + idl;
    const error = errorOf(() => loadSchemaFromText(text, { fileName: 'a.thrift' }));
    expect(error.code).toBe('bad-annotation');
    expect(error.message).toBe(expectedMessage('a.thrift', text, place, message));
  });

  it('returns an empty route for a function without sqs annotations', () => {
    expect(routing('service S { oneway void f(1: R r) (deprecated = "soon") }')).toEqual({ f: {} });
  });

  it('prefers the annotations of a function over the annotations of its service', () => {
    const idl = `service S {
      oneway void f(1: R r),
      oneway void g(1: R r) (sqs.queue = "g.fifo", sqs.group = "r.user.id", sqs.dedup = "r.user.id"),
      oneway void h(1: R r) (sqs.delay = "0"),
      i32 count(),
    } (sqs.queue = "s")`;
    expect(routing(idl)).toEqual({
      f: { queue: 's' },
      g: { queue: 'g.fifo', group: 'r.user.id', dedup: 'r.user.id' },
      h: { queue: 's', delaySeconds: 0 },
      count: { queue: 's' },
    });
  });

  it('routes inherited functions by the function, then the called service, then the base service', () => {
    const idl = `
      service A { oneway void f(1: R r), oneway void g(1: R r) (sqs.queue = "g") } (sqs.queue = "a", sqs.delay = "7")
      service B extends A { oneway void h() } (sqs.queue = "b")
      service C extends A {}`;
    expect(routing(idl, 'A')).toEqual({ f: { queue: 'a', delaySeconds: 7 }, g: { queue: 'g', delaySeconds: 7 } });
    expect(routing(idl, 'B')).toEqual({
      f: { queue: 'b', delaySeconds: 7 },
      g: { queue: 'g', delaySeconds: 7 },
      h: { queue: 'b', delaySeconds: 7 },
    });
    expect(routing(idl, 'C')).toEqual(routing(idl, 'A'));
  });

  it('accepts field paths into structs declared later or in another file', () => {
    const schema = loadSchemaFromText(
      `include "shared.thrift"
       service S { oneway void f(1: Below b, 2: shared.There t) (sqs.group = "b.id", sqs.dedup = "t.id") }
       struct Below { 1: i64 id }`,
      { includes: { 'shared.thrift': 'struct There { 1: uuid id }' } },
    );
    const { groupId, deduplicationId } = findService(schema, 'S').routing.get('f')!;
    expect([groupId, deduplicationId].map((path) => path?.at(-1)?.type.kind)).toEqual(['i64', 'uuid']);
  });

  it('reports a wrong annotation with the position in the included file', () => {
    const shared = 'service T { oneway void f() } (sqs.delay = "x")';
    const error = errorOf(() => loadSchemaFromText('include "t.thrift"', { includes: { 't.thrift': shared } }));
    expect(error.message).toBe(
      expectedMessage('t.thrift', shared, '1:44', '"x" cannot be a delay: 0 to 900 whole seconds'),
    );
  });
});
