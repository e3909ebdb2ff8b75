import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { type MalformedEventError } from '../../lib/event/event-error.js';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { hashOfBits, hashOfNumber } from '../../lib/thrift/key-collisions.js';
import { writeBytes } from '../../lib/thrift/messages.js';
import { type ProtocolName, TMessageType, TType } from '../../lib/thrift/protocol.js';
import { PROTOCOLS } from './harness.js';

const WIDE = Array.from({ length: 200 }, (_, i) => `${i + 1}: optional i32 f${i}`).join(' ');
const IDS = Array.from({ length: 100 }, (_, i) => i).join(', ');
const service = findService(
  loadSchemaFromText(`
    struct Wide { ${WIDE} }
    struct Full {
      1: set<i64> ids = [${IDS}], 2: map<string, i32> byName = { "a": 1, "b": 2 }, 3: binary bytes = "${'x'.repeat(20_000)}"
    }
    union Choice { 1: set<list<i32>> lists = [${IDS.replace(/\d+/g, '[$&]')}], 2: i32 other }
    service S {
      oneway void choices(1: list<Choice> v)
      oneway void ids(1: set<i64> v)
      oneway void counts(1: map<i32, bool> v)
      oneway void rates(1: map<double, bool> v)
      oneway void names(1: set<string> v)
      oneway void wide(1: list<Wide> v)
      oneway void full(1: list<Full> v)
      oneway void m()
    }`),
  'S',
);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Why a body of one call cannot be written, or read by a worker with the same limits. */
function refused(protocol: ProtocolName, method: string, v: unknown): readonly (string | undefined)[] {
  const generous = createEventCodec([service], { protocol, limits: { elements: 2 ** 31 - 1 } });
  const usual = createEventCodec([service], { protocol });
  const body = generous.encodeBody({ method, args: { v } }, 'text');
  return [reasonOf(() => usual.encodeBody({ method, args: { v } }, 'text')), reasonOf(() => usual.decode(body))];
}

function reasonOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as MalformedEventError).reason;
  }
}

/** Writes unions with the member `lists`, in reverse order, and the member `other`: no writer of this library does. */
function choices(protocol: ProtocolName, size: number): Buffer {
  const lists = numbers(100).map((i) => 99 - i);
  return writeBytes(protocol, (writer) => {
    writer.writeMessageBegin('choices', TMessageType.ONEWAY, 0);
    writer.writeStructBegin();
    writer.writeFieldBegin('v', TType.LIST, 1);
    writer.writeListBegin(TType.STRUCT, size);
    for (let i = 0; i < size; i++) {
      writer.writeStructBegin();
      writer.writeFieldBegin('lists', TType.SET, 1);
      writer.writeSetBegin(TType.LIST, lists.length);
      for (const number of lists) {
        writer.writeListBegin(TType.I32, 1);
        writer.writeI32(number);
        writer.writeListEnd();
      }
      writer.writeSetEnd();
      writer.writeFieldEnd();
      writer.writeFieldBegin('other', TType.I32, 2);
      writer.writeI32(1);
      writer.writeFieldEnd();
      writer.writeFieldStop();
      writer.writeStructEnd();
    }
    writer.writeListEnd();
    writer.writeFieldEnd();
    writer.writeFieldStop();
    writer.writeStructEnd();
    writer.writeMessageEnd();
  });
}

const PASSES = [undefined, undefined];
const REFUSED = ['limit-exceeded', 'limit-exceeded'];

const COLLIDING = 4_000;

/** Finds numbers whose hashes end in the same 11 bits, so that they share a chain of a table of 2 048 chains. */
function colliding(keyOf: (i: number) => number, hash: (key: number) => number): number[] {
  const found: number[] = [];
  for (let i = 1; found.length < COLLIDING; i += 1) if ((hash(keyOf(i)) & 0x7ff) === 0) found.push(keyOf(i));
  return found;
}

const i32s = colliding((i) => i, hashOfNumber);
const doubles = colliding((i) => i + 0.5, hashOfNumber);
const i64s = colliding(
  (i) => i,
  (low) => hashOfBits(0, low),
).map(BigInt);

describe.each(PROTOCOLS)('a small but costly body in %s', (protocol) => {
  it.each<[string, (count: number) => unknown]>([
    ['ids', (count) => new Set(i64s.slice(0, count))],
    ['counts', (count) => new Map(i32s.slice(0, count).map((key) => [key, true]))],
    ['rates', (count) => new Map(doubles.slice(0, count).map((key) => [key, true]))],
  ])('limits numeric keys by the collisions of their hashes: %s', (method, make) => {
    expect(refused(protocol, method, make(500))).toEqual(PASSES);
    expect(refused(protocol, method, make(COLLIDING))).toEqual(REFUSED);
  });

  it('says that keys collide', () => {
    const codec = createEventCodec([service], { protocol });
    expect(() => codec.encode({ method: 'ids', args: { v: i64s } })).toThrow(
      /^ids\.v\[\d+\]: a collision of keys costs \d+ elements, and \d+ of 1048576 are left for the body \(limits\.elements\)$/,
    );
  });

  it('lets numeric keys pass that do not collide, and text keys, which the engine hashes with a seed', () => {
    expect(refused(protocol, 'ids', new Set(numbers(100_000).map(BigInt)))).toEqual(PASSES);
    expect(refused(protocol, 'names', new Set(numbers(50_000).map(String)))).toEqual(PASSES);
  });

  it('counts a wide struct by the number of its declared fields', () => {
    const structs = (count: number): object[] => numbers(count).map(() => ({}));
    // 200² / 170 elements each.
    expect(refused(protocol, 'wide', structs(4_400))).toEqual(PASSES);
    expect(refused(protocol, 'wide', structs(4_500))).toEqual(REFUSED);
  });

  it('counts the defaults that absent fields create', () => {
    const structs = (count: number): object[] => numbers(count).map(() => ({}));
    expect(refused(protocol, 'full', structs(500))).toEqual(PASSES);
    expect(refused(protocol, 'full', structs(1_000))).toEqual(REFUSED);
    const whole = numbers(1_000).map(() => ({ ids: [1], byName: {}, bytes: Buffer.alloc(1) }));
    expect(refused(protocol, 'full', whole)).toEqual(PASSES);
  });

  it('counts the comparison of a member with the default of its union', () => {
    const codec = createEventCodec([service], { protocol });
    expect(codec.decode(choices(protocol, 5))[0]!.args).toEqual({ v: numbers(5).map(() => ({ other: 1 })) });
    // 100² comparisons of lists each.
    expect(() => codec.decode(choices(protocol, 20))).toThrow('a comparison with the default costs');
  });

  it('limits the calls of a body, and refuses one call more as a whole', () => {
    const codec = createEventCodec([service], { protocol });
    const one = codec.encode({ method: 'm', args: {} });
    const body = (count: number): Buffer => Buffer.concat(Array<Buffer>(count).fill(one));
    expect(codec.decode(body(10_000))).toHaveLength(10_000);
    expect(() => codec.read(body(10_001))).toThrow('the body holds more than 10000 calls (limits.calls)');
  });
});
