import { readFileSync } from 'node:fs';
import { findService } from '#lib/idl/find-service.js';
import { loadSchema } from '#lib/idl/load-schema.js';
import type { ThriftService } from '#lib/idl/schema.js';
import type { ProtocolName } from '#lib/thrift/protocol.js';

/** A value with its type in front, as in cases.json: `["i32", 5]`, `["struct", { "x": ["i32", 5] }, "Point"]`. */
export type Tagged = readonly [kind: string, data: unknown, type?: string];

/** One call of cases.json. */
export interface VectorCase {
  readonly name: string;
  readonly method: string;
  readonly args: Readonly<Record<string, Tagged>>;
}

/**
 * Holds the bytes that one runtime wrote, as hex. `oldBinary` and `multiplexed` repeat the first
 * case.
 */
export interface RuntimeVectors {
  readonly runtime: string;
  readonly oldBinary: string;
  readonly multiplexed: Readonly<Record<ProtocolName, string>>;
  readonly calls: Readonly<Record<string, Readonly<Record<ProtocolName, string>>>>;
}

/** The languages whose runtimes wrote vectors. */
export const RUNTIMES = ['python', 'java', 'go'] as const;

const read = (name: string): unknown => JSON.parse(readFileSync(`test/vectors/${name}`, 'utf8'));

export function loadCases(): readonly VectorCase[] {
  return read('cases.json') as VectorCase[];
}

export function loadVectors(runtime: (typeof RUNTIMES)[number]): RuntimeVectors {
  return read(`${runtime}.json`) as RuntimeVectors;
}

export function loadVectorsService(): ThriftService {
  return findService(loadSchema('test/vectors/vectors.thrift', { allowNegativeFieldIds: true }), 'Vectors');
}

/** The value of a tagged one, as the codec yields it. */
function untagged([kind, data]: Tagged): unknown {
  switch (kind) {
    case 'i64':
      return BigInt(data as string);
    case 'double':
      return Buffer.from(data as string, 'hex').readDoubleBE();
    case 'binary':
      return Buffer.from(data as string, 'hex');
    case 'list':
      return (data as Tagged[]).map(untagged);
    case 'set':
      return new Set((data as Tagged[]).map(untagged));
    case 'map':
      return new Map((data as [Tagged, Tagged][]).map(([key, value]) => [untagged(key), untagged(value)]));
    case 'struct':
      return untaggedFields(data as Record<string, Tagged>);
    default:
      return data;
  }
}

export function untaggedFields(fields: Readonly<Record<string, Tagged>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, untagged(value)]));
}
