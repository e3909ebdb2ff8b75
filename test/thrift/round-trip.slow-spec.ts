import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createReader } from '../../lib/thrift/messages.js';
import { randomSchemas } from './random-schema.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { structIn } from './harness.js';

/** A struct `x.S` of one required field `v`. */
const schema = (kind: 'double' | 'i64' | 'string'): Parameters<typeof structIn>[0] => ({
  program: 'x',
  files: [],
  namespaces: new Map(),
  enums: new Map(),
  constants: new Map(),
  services: new Map(),
  structs: new Map([
    [
      'x.S',
      {
        id: 'x.S',
        name: 'S',
        kind: 'struct',
        annotations: {},
        fields: [{ id: 1, name: 'v', type: { kind }, requiredness: 'required', annotations: {} }],
      },
    ],
  ]),
});

describe.each(PROTOCOLS)('any value of any schema in %s', (protocol) => {
  it('reads back any value of any schema', () => {
    fc.assert(
      fc.property(randomSchemas(), ({ schema, value }) => {
        const codec = structIn(schema, 'x.S', { protocol });
        const bytes = codec.encode(value);
        expect(codec.decode(bytes)).toEqual(value);
        expect(codec.encode(codec.decode(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('skips any value of any schema to its last byte', () => {
    fc.assert(
      fc.property(randomSchemas(), ({ schema, value }) => {
        const reader = createReader(protocol, structIn(schema, 'x.S', { protocol }).encode(value));
        reader.skip(12);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: 75 },
    );
  });
});

/** Copies bytes to an offset in memory of a size. What else the memory holds looks like more of the message. */
function placed(bytes: Uint8Array, at: number, size: number): Uint8Array {
  const memory = new Uint8Array(new ArrayBuffer(size));
  for (let i = 0; i < size; i += 1) memory[i] = bytes[(i - at + bytes.length * size) % bytes.length]!;
  return memory.subarray(at, at + bytes.length);
}

describe.each(PROTOCOLS)('bytes in %s', (protocol) => {
  it('are read the same, and refused for the same reason, wherever they lie in memory', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat(), offset: fc.nat(100) });
    let refused = 0;
    fc.assert(
      fc.property(randomSchemas(), change, ({ schema, value }, { at, byte, cut, offset }) => {
        const codec = structIn(schema, 'x.S', { protocol });
        const bytes = Uint8Array.from(codec.encode(value));
        if (cut % 3 > 0) bytes[at % bytes.length] = byte;
        const message = bytes.subarray(0, cut % 2 ? bytes.length : 1 + (cut % bytes.length));
        const outcomes = [
          Uint8Array.from(message),
          bytes.subarray(0, message.length),
          placed(message, offset, 4_096 + message.length),
          placed(message, offset, 9_000 + message.length),
        ].map((place) => {
          try {
            return codec.decode(place);
          } catch (error) {
            return String(error);
          }
        });
        if (typeof outcomes[0] === 'string') refused += 1;
        for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
      }),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});

describe.each(PROTOCOLS)('extreme values in %s', (protocol) => {
  it('keeps every bit of a double', () => {
    const codec = structIn(schema('double'), 'x.S', { protocol });
    fc.assert(
      fc.property(fc.double(), (v) => {
        expect(Object.is((codec.decode(codec.encode({ v })) as { v: number }).v, v)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('writes the same bytes for a number and an equal bigint', () => {
    const codec = structIn(schema('i64'), 'x.S', { protocol });
    fc.assert(
      fc.property(fc.maxSafeInteger(), (v) => {
        expect(codec.hex({ v })).toBe(codec.hex({ v: BigInt(v) }));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps every bit of a 64-bit integer', () => {
    const codec = structIn(schema('i64'), 'x.S', { protocol });
    // Of every length in bits, because some protocols write as many bytes as a number needs.
    const integers = fc
      .integer({ min: 1, max: 64 })
      .chain((bits) => fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }));
    fc.assert(
      fc.property(integers, (v) => {
        expect(codec.decode(codec.encode({ v }))).toEqual({ v });
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back any text', () => {
    const codec = structIn(schema('string'), 'x.S', { protocol });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (v) => {
        expect(codec.decode(codec.encode({ v }))).toEqual({ v });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('text in binary', () => {
  it('writes text as the same UTF-8 as the engine', () => {
    const codec = structIn(schema('string'), 'x.S');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (v) => {
        expect(codec.hex({ v }).slice(14, -2)).toBe(Buffer.from(v).toString('hex'));
      }),
      { numRuns: 2000 },
    );
  });
});
