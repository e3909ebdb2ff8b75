import type { ValueNode } from './ast.js';
import { checkDeclaredAbove, errorHere, type Here } from './resolver.js';
import type { ConstValue, ThriftType } from './schema.js';
import { describeType, describeValue } from './error-text.js';

/** Represents a type without element types or fields. */
export type ScalarType = Exclude<ThriftType, { kind: 'list' | 'set' | 'map' | 'struct' }>;

const INTEGER_BITS = { i8: 8n, i16: 16n, i32: 32n, i64: 64n } as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Converts a literal to a base type or enum.
 *
 * @throws IdlError `bad-constant`
 */
export function convertScalar(here: Here, node: ValueNode, type: ScalarType): ConstValue {
  const value = scalarOf(here, node, type);
  if (value === undefined) throw valueMismatch(here, node, type);
  return value;
}

function scalarOf(here: Here, node: ValueNode, type: ScalarType): ConstValue | undefined {
  switch (node.kind) {
    case 'integer':
      return fromInteger(here, node.value, type, node.at);
    case 'double':
      return type.kind === 'double' ? node.value : undefined;
    case 'string':
      return fromString(here, node.value, type, node.at);
    default:
      return undefined;
  }
}

function fromInteger(here: Here, value: bigint, type: ScalarType, at: number): ConstValue | undefined {
  switch (type.kind) {
    case 'bool':
      // The scanner yields `true` and `false` as integers, and Apache's compiler accepts any
      // integer here.
      return value !== 0n;
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
      return convertInteger(here, value, type.kind, at);
    case 'double':
      return Number(value);
    case 'enum':
      return convertEnumNumber(here, value, type.id, at);
    default:
      return undefined;
  }
}

function fromString(here: Here, value: string, type: ScalarType, at: number): ConstValue | undefined {
  switch (type.kind) {
    case 'string':
      return value;
    case 'binary':
      return Buffer.from(value, 'utf8');
    case 'uuid':
      return convertUuid(here, value, at);
    default:
      return undefined;
  }
}

/** Creates the error for a value of the wrong shape. */
export function valueMismatch(here: Here, node: ValueNode, type: ThriftType): Error {
  const message = `${describeType(here.resolver, type)} cannot be ${describeValue(node)}`;
  return errorHere(here, node.at, 'bad-constant', message);
}

function convertInteger(here: Here, value: bigint, kind: keyof typeof INTEGER_BITS, at: number): number | bigint {
  if (BigInt.asIntN(Number(INTEGER_BITS[kind]), value) !== value) {
    throw errorHere(here, at, 'bad-constant', `${value} is out of the range of ${kind}`);
  }
  if (kind !== 'i64') return Number(value);
  if (here.resolver.forNumbers && !Number.isSafeInteger(Number(value))) {
    const advice = 'read i64 as bigint, or declare a value within ±(2^53 - 1)';
    throw errorHere(here, at, 'bad-constant', `no number holds the i64 ${value} exactly: ${advice}`);
  }
  return value;
}

/**
 * Converts a UUID to its canonical form: lower case, without braces. Accepts braces, as Apache's
 * compiler does.
 */
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
