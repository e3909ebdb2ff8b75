import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { hashOfNumber } from '#lib/thrift/key-collisions.js';
import type { Setting } from '../kit/bench.js';

const IDL = `
service Mixed {
  oneway void quick(1: i64 at)
  oneway void slow(1: i64 at)
  oneway void ids(1: set<i32> v)
  oneway void ignored()
}`;

export const Mixed = findService(loadSchemaFromText(IDL, { fileName: 'mixed.thrift' }), 'Mixed');
const codec = createEventCodec([Mixed], { limits: { elements: 2 ** 31 - 1 } });

/** Time in ms that a handler of `slow` takes. */
export const SLOW_MS = 20;

/** Describes traffic of which one half belongs to others. */
export interface Traffic extends Setting {
  /** Method of the messages that are timed. */
  readonly good: 'quick' | 'slow';
  /** Number of good messages of a full sample. */
  readonly count: number;
  /** Number of good messages for each message of a hostile sender. */
  readonly share: number;
  /** Returns the body of a message of a hostile sender. */
  readonly hostile: () => string;
  /** Returns the body of a message of another sender. There are as many of them as good messages. */
  readonly valid: () => string;
}

/** Keys of 4 bytes that fill a body of 96 KiB. */
const KEYS = 24_000;
const CALLS = 1_000;

export const traffics: readonly Traffic[] = [
  {
    name: 'keys that collide',
    good: 'quick',
    count: 600,
    share: 1,
    hostile: onceMade(() => idsBody(collidingKeys())),
    valid: onceMade(() => idsBody(Array.from({ length: KEYS }, (_, i) => i))),
  },
  {
    name: 'bodies of 1 000 calls',
    good: 'slow',
    count: 2_000,
    share: CALLS,
    hostile: onceMade(() => {
      const call = codec.encode({ method: 'slow', args: { at: 0 } });
      return Buffer.concat(Array.from({ length: CALLS }, () => call)).toString('base64');
    }),
    valid: onceMade(() => codec.encodeBody({ method: 'ignored', args: {} }, 'text') as string),
  },
];

/** Returns the body of a good message, which carries the time of its sending. */
export function goodBody(method: Traffic['good']): string {
  return codec.encodeBody({ method, args: { at: Date.now() } }, 'text') as string;
}

function idsBody(keys: readonly number[]): string {
  return codec.encodeBody({ method: 'ids', args: { v: new Set(keys) } }, 'text') as string;
}

/** Finds numbers whose hashes end in the same 11 bits, so that they share few chains of a table. */
function collidingKeys(): number[] {
  const keys: number[] = [];
  for (let key = 1; keys.length < KEYS; key += 1) if ((hashOfNumber(key) & 0x7ff) === 0) keys.push(key);
  return keys;
}

function onceMade(make: () => string): () => string {
  let text: string | undefined;
  return () => (text ??= make());
}
