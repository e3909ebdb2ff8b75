import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import { ThriftReadError } from '#lib/thrift/errors.js';
import type { ProtocolName } from '#lib/thrift/protocol.js';
import { createScanner } from '#lib/thrift/scan/create-scanner.js';

const PROTOCOLS: readonly ProtocolName[] = ['binary', 'compact', 'json'];

const IDL = `
  struct Inner { 1: optional string text, 900: optional bool flag }
  struct All {
    1: bool yes, 2: i8 tiny, 3: i16 small, 4: i32 middle, 5: i64 large, 6: double real, 7: string text, 8: binary blob,
    9: list<bool> flags, 10: list<string> texts, 11: set<i64> longs, 12: map<string, list<Inner>> inners,
    13: map<i32, double> reals, 14: list<map<string, binary>> maps, 15: Inner inner, 16: uuid id, 17: list<uuid> ids,
    18: list<i32> none, 19: map<string, string> nothing
  }
  service Test { oneway void all(1: All all), oneway void none() }`;

const service = findService(loadSchemaFromText(IDL), 'Test');
const ID = '00112233-4455-6677-8899-aabbccddeeff';
const ALL = {
  yes: true,
  tiny: -1,
  small: -300,
  middle: 70_000,
  large: -(2n ** 62n),
  real: 1.5,
  text: 'quotes " and \\ and [brackets]}',
  blob: Buffer.from([0, 255, 91, 93]),
  flags: [true, false, true],
  texts: Array.from({ length: 20 }, (_, at) => 'x'.repeat(at * 10)),
  longs: new Set([1n, 2n]),
  inners: new Map([['key', [{ text: 'a', flag: true }, {}, { flag: false }]]]),
  reals: new Map([[1, 2.5]]),
  maps: [new Map([['a', Buffer.from('b')]])],
  inner: { flag: true },
  id: ID,
  ids: [ID, ID],
  none: [],
  nothing: new Map(),
};

function messages(protocol: ProtocolName): readonly Buffer[] {
  const codec = createEventCodec([service], { protocol });
  return [codec.encode({ method: 'all', args: { all: ALL } }), codec.encode({ method: 'none', args: {} })];
}

describe.each(PROTOCOLS)('a scanner of the protocol %s', (protocol) => {
  it('finds the end of each message of a stream that arrives at once', () => {
    const [all, none] = messages(protocol) as [Buffer, Buffer];
    const stream = Buffer.concat([all, none, all]);
    const scanner = createScanner(protocol);
    expect(scanner.scan(stream, 0, stream.length)).toBe(all.length);
    expect(scanner.scan(stream, all.length, stream.length)).toBe(none.length);
    expect(scanner.scan(stream, all.length + none.length, stream.length)).toBe(all.length);
  });

  it('finds the end of a message cut at every place, and never earlier', () => {
    const [all] = messages(protocol) as [Buffer];
    for (let cut = 0; cut < all.length; cut++) {
      const scanner = createScanner(protocol);
      expect(scanner.scan(all, 0, cut)).toBeUndefined();
      expect(scanner.leastLength).toBeLessThanOrEqual(all.length);
      expect(scanner.scan(all, 0, all.length)).toBe(all.length);
    }
  });

  it('examines a number of bytes in proportion to a message that arrives byte by byte', () => {
    const codec = createEventCodec([service], { protocol });
    const perByte = [1, 10, 100].map((times) => {
      const texts = Array.from({ length: 20 * times }, () => 'some text');
      const bytes = codec.encode({ method: 'all', args: { all: { ...ALL, texts } } });
      const scanner = createScanner(protocol);
      let found: number | undefined;
      for (let end = 1; found === undefined && end <= bytes.length; end++) found = scanner.scan(bytes, 0, end);
      expect(found).toBe(bytes.length);
      return scanner.examined / bytes.length;
    });
    // Quadratic work would examine thousands of times as many bytes.
    for (const factor of perByte) expect(factor).toBeLessThan(4);
  });
});

describe('a scanner', () => {
  it.each<[string, ProtocolName, string]>([
    ['another version', 'binary', '8002000400000000'],
    ['a negative name', 'binary', '80010004ffffffff'],
    ['a type that Thrift lacks', 'binary', '80010004000000016100000000 050001'],
    ['a negative size', 'binary', '80010004000000016100000000 0b0001ffffffff'],
    ['elements of no type', 'binary', '80010004000000016100000000 0f00010100000002'],
    ['another version', 'compact', '8285'],
    ['a number without an end', 'compact', '8281' + 'ff'.repeat(10)],
    ['a size over 31 bits', 'compact', '828100ffffffffff01'],
    ['a type that Thrift lacks', 'compact', '828100016119 1e'],
    ['text outside of strings', 'json', Buffer.from('[1,nil]').toString('hex')],
    ['a number alone', 'json', Buffer.from('12').toString('hex')],
  ])('refuses %s: %s', (_, protocol, hex) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(() => createScanner(protocol).scan(bytes, 0, bytes.length)).toThrow(ThriftReadError);
  });

  it('refuses nesting without an end, whose levels would fill the memory', () => {
    const header = Buffer.from('80010004000000016100000000', 'hex');
    const nested = Buffer.concat([header, ...Array<Buffer>(1100).fill(Buffer.from('0c0001', 'hex'))]);
    expect(() => createScanner('binary').scan(nested, 0, nested.length)).toThrow('more than 1024 levels');
  });

  it.each<[ProtocolName, string]>([
    ['binary', '80010004000000016100000000 0b00017fffffff'],
    ['binary', '80010004000000016100000000 0f00010a7fffffff'],
    ['compact', '8281000161 18ffffffff07'],
  ])('knows the least length of a %s message from its declared sizes', (protocol, hex) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    const scanner = createScanner(protocol);
    expect(scanner.scan(bytes, 0, bytes.length)).toBeUndefined();
    expect(scanner.leastLength).toBeGreaterThan(0x7fffffff);
  });
});
