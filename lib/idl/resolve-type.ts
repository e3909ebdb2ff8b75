import type { TypeNode } from './ast.js';
import type { DeclaredType } from './program.js';
import { errorHere, type Here, type Resolver, scopeOf, unknownName } from './resolver.js';
import type { ThriftType } from './schema.js';

/**
 * Limits the nesting of resolved types and the length of typedef chains. `MAX_NESTING` limits
 * nesting in the text.
 */
const MAX_DEPTH = 200;

/** Adds the built-in types to the suggestions for a misspelt type name. */
const BUILT_IN = 'bool i8 i16 i32 i64 double string binary uuid list set map'.split(' ');

/** Gives the context for looking up types. Types may be declared above or below their use. */
type TypeScope = Pick<Here, 'resolver' | 'program'>;

/**
 * Resolves a type and replaces typedefs by their types.
 *
 * @throws IdlError `unknown-type`, `typedef-cycle`, `too-deep`, `too-large`
 */
export function resolveType(here: TypeScope, node: TypeNode, depth = 0): ThriftType {
  if (depth > MAX_DEPTH) throw errorHere(here, node.at, 'too-deep', `types nested more than ${MAX_DEPTH} deep`);
  switch (node.kind) {
    case 'base':
      return { kind: node.name };
    case 'list':
    case 'set':
      return { kind: node.kind, element: resolveType(here, node.element, depth + 1) };
    case 'map':
      return {
        kind: 'map',
        key: resolveType(here, node.key, depth + 1),
        value: resolveType(here, node.value, depth + 1),
      };
    case 'named':
      return resolveNamed(here, node, depth);
  }
}

function resolveNamed(here: TypeScope, node: Extract<TypeNode, { kind: 'named' }>, depth: number): ThriftType {
  const scope = scopeOf(here);
  const declared = scope.types.get(node.name);
  if (declared === undefined) {
    if (scope.services.has(node.name)) {
      throw errorHere(here, node.at, 'unknown-type', `"${node.name}" is a service, a type is needed here`);
    }
    const candidates = [...scope.types.keys(), ...BUILT_IN];
    throw unknownName(here, node.at, 'unknown-type', 'type', node.name, candidates);
  }
  switch (declared.node.kind) {
    case 'typedef': {
      const type = resolveTypedef(here, declared, declared.node.type, node.at, depth);
      here.resolver.expansion.useType(here.program, node.at, type);
      return type;
    }
    case 'enum':
      return { kind: 'enum', id: declared.id };
    default:
      return { kind: 'struct', id: declared.id };
  }
}

function resolveTypedef(
  here: TypeScope,
  declared: DeclaredType,
  target: TypeNode,
  at: number,
  depth: number,
): ThriftType {
  const { typedefs, resolving } = here.resolver;
  const known = typedefs.get(declared);
  if (known !== undefined) return known;
  if (resolving.has(declared)) {
    const chain = [...resolving];
    const names = [...chain.slice(chain.indexOf(declared)), declared].map((typedef) => typedef.node.name.text);
    throw errorHere(here, at, 'typedef-cycle', `typedefs refer to one another: ${names.join(' -> ')}`);
  }
  resolving.add(declared);
  const type = resolveType({ resolver: here.resolver, program: declared.program }, target, depth + 1);
  resolving.delete(declared);
  typedefs.set(declared, type);
  return type;
}

/**
 * Returns the types of a struct's fields by name, without their defaults. Converting a constant of
 * the struct needs only these types.
 *
 * @param id of a struct, union or exception
 * @throws IdlError `unknown-type`, `typedef-cycle`
 */
export function fieldTypesOf(resolver: Resolver, id: string): ReadonlyMap<string, ThriftType> {
  const known = resolver.fieldTypes.get(id);
  if (known !== undefined) return known;
  const declared = resolver.declared.get(id);
  if (declared === undefined || !('fields' in declared.node)) throw new RangeError(`no struct ${id}`);
  const here = { resolver, program: declared.program };
  const types = new Map(declared.node.fields.map((field) => [field.name.text, resolveType(here, field.type)]));
  resolver.fieldTypes.set(id, types);
  return types;
}
