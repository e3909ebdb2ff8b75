import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { type MalformedEventError } from '../../lib/event/event-error.js';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import type { ProtocolName } from '../../lib/thrift/protocol.js';

const WIDE = Array.from({ length: 200 }, (_, i) => `${i + 1}: optional i32 f${i}`).join(' ');
const service = findService(
  loadSchemaFromText(`
    struct Wide { ${WIDE} }
    service S {
      oneway void ids(1: set<i64> v)
      oneway void counts(1: map<i32, bool> v)
      oneway void rates(1: map<double, bool> v)
      oneway void names(1: set<string> v)
      oneway void wide(1: list<Wide> v)
      oneway void m()
    }`),
  'S',
);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Why a body of one call is refused; undefined when it is not. */
function refused(protocol: ProtocolName, method: string, v: unknown): string | undefined {
  const codec = createEventCodec([service], { protocol });
  return reasonOf(() => codec.decode(codec.encodeBody({ method, args: { v } }, 'text')));
}

function reasonOf(decode: () => unknown): string | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    return (error as MalformedEventError).reason;
  }
}

/** n²/1024 + n reaches the budget of 100 000 a little below this. */
const TOO_MANY = 9_700;
const ENOUGH = 9_000;

describe.each<ProtocolName>(['binary', 'compact', 'json'])('a small but costly body in %s', (protocol) => {
  it.each<[string, (count: number) => unknown]>([
    ['ids', (count) => new Set(numbers(count).map(BigInt))],
    ['counts', (count) => new Map(numbers(count).map((n) => [n, true]))],
    ['rates', (count) => new Map(numbers(count).map((n) => [n + 0.5, true]))],
  ])('limits numeric set and map keys by the square of their count: %s', (method, make) => {
    expect(refused(protocol, method, make(ENOUGH))).toBeUndefined();
    expect(refused(protocol, method, make(TOO_MANY))).toBe('limit-exceeded');
  });

  it('decodes 50 000 text keys, which the engine hashes with a seed', () => {
    expect(refused(protocol, 'names', new Set(numbers(50_000).map(String)))).toBeUndefined();
  });

  it('counts a wide struct by the number of its declared fields', () => {
    const structs = (count: number): object[] => numbers(count).map(() => ({}));
    expect(refused(protocol, 'wide', structs(7_000))).toBeUndefined();
    expect(refused(protocol, 'wide', structs(8_000))).toBe('limit-exceeded');
  });

  it('counts each call of a body as ten values', () => {
    const codec = createEventCodec([service], { protocol });
    const one = codec.encode({ method: 'm', args: {} });
    const body = (count: number): Buffer => Buffer.concat(Array<Buffer>(count).fill(one));
    expect(codec.decode(body(9_000))).toHaveLength(9_000);
    expect(reasonOf(() => codec.decode(body(9_200)))).toBe('limit-exceeded');
  });
});
