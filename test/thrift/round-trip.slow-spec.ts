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
