import type { ValueNode } from './ast.js';
import { checkDeclaredAbove, errorHere, type Here } from './resolver.js';
import type { ConstValue, ThriftType } from './schema.js';
import { describeType, describeValue } from './error-text.js';

/** A type that is not made of others. */
export type ScalarType = Exclude<ThriftType, { kind: 'list' | 'set' | 'map' | 'struct' }>;

const INTEGER_BITS = { i8: 8n, i16: 16n, i32: 32n, i64: 64n } as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Converts a literal to a base type or enum.
 *
 * @throws IdlError `bad-constant`
 */
export function convertScalar(here: Here, node: ValueNode, type: ScalarType): ConstValue {
  switch (type.kind) {
    case 'bool':
      // `true` and `false` are integers to the scanner, and Apache's compiler takes any integer here.
      if (node.kind === 'integer') return node.value !== 0n;
      break;
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
      if (node.kind === 'integer') return convertInteger(here, node.value, type.kind, node.at);
      break;
    case 'double':
      if (node.kind === 'integer' || node.kind === 'double') return Number(node.value);
      break;
    case 'string':
      if (node.kind === 'string') return node.value;
      break;
    case 'binary':
      if (node.kind === 'string') return Buffer.from(node.value, 'utf8');
      break;
    case 'uuid':
      if (node.kind === 'string') return convertUuid(here, node.value, node.at);
      break;
    case 'enum':
      if (node.kind === 'integer') return convertEnumNumber(here, node.value, type.id, node.at);
      break;
  }
  throw mismatch(here, node, type);
}

/** The error for a value of the wrong shape. */
export function mismatch(here: Here, node: ValueNode, type: ThriftType): Error {
  const message = `${describeType(here.resolver, type)} cannot be ${describeValue(node)}`;
  return errorHere(here, node.at, 'bad-constant', message);
}

function convertInteger(here: Here, value: bigint, kind: keyof typeof INTEGER_BITS, at: number): number | bigint {
  if (BigInt.asIntN(Number(INTEGER_BITS[kind]), value) !== value) {
    throw errorHere(here, at, 'bad-constant', `${value} is out of the range of ${kind}`);
  }
  return kind === 'i64' ? value : Number(value);
}

/** Braces around a UUID are accepted, as by Apache's compiler; the canonical form has none and is in lower case. */
function convertUuid(here: Here, text: string, at: number): string {
  const bare = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
  if (UUID.test(bare)) return bare.toLowerCase();
  throw errorHere(here, at, 'bad-constant', 'this is not a uuid: it looks like 00112233-4455-6677-8899-aabbccddeeff');
}

function convertEnumNumber(here: Here, value: bigint, id: string, at: number): number {
  const declared = here.resolver.declared.get(id);
  if (declared?.node.kind !== 'enum') throw new RangeError(`no enum ${id}`);
  const { name, values } = declared.node;
  checkDeclaredAbove(here, declared, at, `the enum "${name.text}"`);
  if (values.some((member) => BigInt(member.value) === value)) return Number(value);
  throw errorHere(here, at, 'bad-constant', `the enum "${name.text}" has no value ${value}`);
}
