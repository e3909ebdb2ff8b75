import type { ValueNode } from './ast.js';
import { convertScalar } from './convert-scalar.js';
import { didYouMean } from '../common/nearest-name.js';
import { describeType } from './error-text.js';
import type { DeclaredConst, Scope } from './program.js';
import { checkDeclaredAbove, errorHere, type Here, type ResolvedConst, scopeOf, unknownName } from './resolver.js';
import type { ConstValue, ThriftType } from './schema.js';

type ReferenceNode = Extract<ValueNode, { kind: 'reference' }>;

/**
 * Converts a reference to a constant (`NAME`, `included.NAME`) or to an enum value (`Enum.VALUE`,
 * `included.Enum.VALUE`).
 *
 * @throws IdlError `bad-constant`, `declared-below`, `too-large`
 */
export function convertReference(here: Here, node: ReferenceNode, type: ThriftType): ConstValue {
  const scope = scopeOf(here);
  const constant = scope.constants.get(node.name);
  if (constant !== undefined) return convertConstant(here, node, type, lookUp(here, node, constant));
  if (type.kind === 'enum') return convertMember(here, node, type.id);
  const member = scope.members.get(node.name);
  if (member === undefined) throw unknownConstant(here, node, scope);
  checkDeclaredAbove(here, member, node.at, `"${node.name}"`);
  return convertLiteral(here, node, type, { kind: 'integer', value: BigInt(member.value), at: node.at });
}

function lookUp(here: Here, node: ReferenceNode, constant: DeclaredConst): ResolvedConst {
  if (constant.program === here.program && constant.order === here.order) {
    throw errorHere(here, node.at, 'bad-constant', `the constant "${node.name}" refers to itself`);
  }
  checkDeclaredAbove(here, constant, node.at, `the constant "${node.name}"`);
  const resolved = here.resolver.constants.get(constant.id);
  if (resolved === undefined) throw new RangeError(`the constant ${constant.id} is not resolved yet`);
  return resolved;
}

/**
 * Reuses a constant of the same type. Converts integers, doubles and strings to any other type they
 * fit.
 */
function convertConstant(here: Here, node: ReferenceNode, type: ThriftType, constant: ResolvedConst): ConstValue {
  if (sameType(constant.type, type)) {
    here.resolver.expansion.useValue(here.program, node.at, type, constant.value);
    return constant.value;
  }
  const literal = literalOf(constant, node.at);
  if (literal !== undefined) return convertLiteral(here, node, type, literal);
  throw wrongReference(here, node, type, describeType(here.resolver, constant.type));
}

function convertLiteral(here: Here, node: ReferenceNode, type: ThriftType, literal: ValueNode): ConstValue {
  if (type.kind === 'list' || type.kind === 'set' || type.kind === 'map' || type.kind === 'struct') {
    throw wrongReference(here, node, type, 'a single value');
  }
  return convertScalar(here, literal, type);
}

function wrongReference(here: Here, node: ReferenceNode, type: ThriftType, found: string): Error {
  const message = `${describeType(here.resolver, type)} cannot be "${node.name}", which is ${found}`;
  return errorHere(here, node.at, 'bad-constant', message);
}

/**
 * Resolves an enum value by the last part of its name only, as Apache's compiler does. The type
 * determines the enum.
 */
function convertMember(here: Here, node: ReferenceNode, id: string): number {
  const declared = here.resolver.declared.get(id);
  if (declared?.node.kind !== 'enum') throw new RangeError(`no enum ${id}`);
  const { name, values } = declared.node;
  checkDeclaredAbove(here, declared, node.at, `the enum "${name.text}"`);
  const wanted = node.name.slice(node.name.lastIndexOf('.') + 1);
  const member = values.find((value) => value.name.text === wanted);
  if (member === undefined) {
    const hint = didYouMean(
      wanted,
      values.map((value) => value.name.text),
    );
    throw errorHere(here, node.at, 'bad-constant', `the enum "${name.text}" has no value "${wanted}"${hint}`);
  }
  if (wanted !== node.name) return member.value;
  throw errorHere(here, node.at, 'bad-constant', `write "${name.text}.${wanted}": values need the name of their enum`);
}

function unknownConstant(here: Here, node: ReferenceNode, scope: Scope): Error {
  const candidates = [...scope.constants.keys(), ...scope.members.keys()];
  return unknownName(here, node.at, 'bad-constant', 'constant', node.name, candidates);
}

/** Returns the literal equivalent to a constant of a base type; undefined for other types. */
function literalOf({ type, value }: ResolvedConst, at: number): ValueNode | undefined {
  if (type.kind === 'enum') return undefined;
  switch (typeof value) {
    case 'boolean':
      return { kind: 'integer', value: value ? 1n : 0n, at };
    case 'bigint':
      return { kind: 'integer', value, at };
    case 'number':
      return type.kind === 'double' ? { kind: 'double', value, at } : { kind: 'integer', value: BigInt(value), at };
    case 'string':
      return { kind: 'string', value, at };
    default:
      return Buffer.isBuffer(value) ? { kind: 'string', value: value.toString('utf8'), at } : undefined;
  }
}

function sameType(a: ThriftType, b: ThriftType): boolean {
  if (a === b) return true;
  if (a.kind === 'map') return b.kind === 'map' && sameType(a.key, b.key) && sameType(a.value, b.value);
  if ('element' in a) return b.kind === a.kind && sameType(a.element, b.element);
  if ('id' in a) return b.kind === a.kind && a.id === b.id;
  return a.kind === b.kind;
}
