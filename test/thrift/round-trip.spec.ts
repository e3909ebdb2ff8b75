import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createReader } from '../../lib/thrift/messages.js';
import { randomSchemas } from './random-schema.js';
import { structIn } from './harness.js';

describe('any value of any schema', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(randomSchemas(), ({ schema, value }) => {
        const codec = structIn(schema, 'x.S');
        const bytes = codec.encode(value);
        expect(codec.decode(bytes)).toEqual(value);
        expect(codec.encode(codec.decode(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('is skipped to its very end', () => {
    fc.assert(
      fc.property(randomSchemas(), ({ schema, value }) => {
        const reader = createReader('binary', structIn(schema, 'x.S').encode(value));
        reader.skip(12);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: 75 },
    );
  });
});

describe('extreme values', () => {
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

  it('doubles keep every bit', () => {
    const codec = structIn(schema('double'), 'x.S');
    fc.assert(
      fc.property(fc.double(), (v) => {
        expect(Object.is((codec.decode(codec.encode({ v })) as { v: number }).v, v)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('numbers and bigints of one value are the same bytes', () => {
    const codec = structIn(schema('i64'), 'x.S');
    fc.assert(
      fc.property(fc.maxSafeInteger(), (v) => {
        expect(codec.hex({ v })).toBe(codec.hex({ v: BigInt(v) }));
      }),
      { numRuns: 2000 },
    );
  });

  it('text is UTF-8 exactly as the engine writes it', () => {
    const codec = structIn(schema('string'), 'x.S');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (v) => {
        expect(codec.hex({ v }).slice(14, -2)).toBe(Buffer.from(v).toString('hex'));
      }),
      { numRuns: 2000 },
    );
  });
});
