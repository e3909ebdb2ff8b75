import type { FieldNode, FunctionNode, NameNode, ServiceNode } from './ast.js';
import type { DeclaredService } from './program.js';
import { resolveField } from './resolve-struct.js';
import { resolveType } from './resolve-type.js';
import { checkDeclaredAbove, errorHere, scopeOf, unknownName, type Here, type Resolver } from './resolver.js';
import type { FieldSchema, FunctionSchema, ServiceSchema, StructSchema } from './schema.js';

/**
 * Limits the depth of `extends`, because each service has all functions of the services it extends.
 * Real schemas stay far below this limit.
 */
const MAX_EXTENDS = 200;

/**
 * Resolves a service with its own functions.
 *
 * @throws IdlError `unknown-service`, `extends-cycle`, `declared-below`, `too-deep`,
 *   `duplicate-name` for an inherited function, `bad-throws`
 */
export function resolveService(here: Here, id: string, node: ServiceNode): ServiceSchema {
  const bases = node.extends === undefined ? [] : resolveBases(here, id, node.extends);
  const [base] = bases;
  const functions = new Map<string, FunctionSchema>();
  for (const fn of node.functions) {
    checkNotInherited(bases, here, fn.name);
    functions.set(fn.name.text, resolveFunction(here, id, fn));
  }
  return {
    id,
    name: node.name.text,
    ...(base === undefined ? {} : { extends: base.id }),
    functions,
    annotations: node.annotations,
    ...(node.doc === undefined ? {} : { doc: node.doc }),
  };
}

/** Returns the named service, then the services it extends. */
function resolveBases(here: Here, id: string, name: NameNode): readonly DeclaredService[] {
  const { services, types } = scopeOf(here);
  const base = services.get(name.text);
  if (base === undefined) {
    if (types.has(name.text)) {
      throw errorHere(here, name.at, 'unknown-service', `"${name.text}" is a type, a service is needed here`);
    }
    throw unknownName(here, name.at, 'unknown-service', 'service', name.text, services.keys());
  }
  const chain = chainOf(here, base);
  const again = chain.findIndex((service) => service.id === id);
  if (again !== -1) {
    const names = [chain[again], ...chain.slice(0, again + 1)].map((service) => service?.node.name.text);
    throw errorHere(here, name.at, 'extends-cycle', `services extend one another: ${names.join(' -> ')}`);
  }
  checkDeclaredAbove(here, base, name.at, `the service "${name.text}"`);
  return chain;
}

/**
 * Returns a service, then the services it extends. Stops after a repeated service.
 *
 * @throws IdlError `too-deep`
 */
export function chainOf(here: Pick<Here, 'resolver'>, service: DeclaredService): DeclaredService[] {
  const chain = new Set<DeclaredService>();
  for (let next: DeclaredService | undefined = service; next !== undefined;) {
    if (chain.has(next)) return [...chain, next];
    chain.add(next);
    const base: NameNode | undefined = next.node.extends;
    if (base !== undefined && chain.size >= MAX_EXTENDS) {
      const { name, extends: first = name } = service.node;
      throw errorHere(service, first.at, 'too-deep', `services extend one another more than ${MAX_EXTENDS} deep`);
    }
    next = base && scopeOf({ resolver: here.resolver, program: next.program }).services.get(base.text);
  }
  return [...chain];
}

function checkNotInherited(chain: readonly DeclaredService[], here: Here, name: NameNode): void {
  const owner = chain.find((service) => functionNames(here.resolver, service).has(name.text));
  if (owner === undefined) return;
  const message = `the function "${name.text}" is already inherited from the service "${owner.node.name.text}"`;
  throw errorHere(here, name.at, 'duplicate-name', message);
}

function functionNames({ functionNames: known }: Resolver, service: DeclaredService): ReadonlySet<string> {
  const names = known.get(service) ?? new Set(service.node.functions.map(({ name }) => name.text));
  known.set(service, names);
  return names;
}

function resolveFunction(here: Here, serviceId: string, fn: FunctionNode): FunctionSchema {
  const name = `${fn.name.text}_args`;
  const args: StructSchema = {
    id: `${serviceId}.${name}`,
    name,
    kind: 'args',
    // Apache's compiler ignores `optional` for parameters, but not `required`.
    fields: fn.params.map((field) =>
      resolveField(here, field, field.requiredness === 'required' ? 'required' : 'default'),
    ),
    annotations: {},
  };
  return {
    name: fn.name.text,
    oneway: fn.oneway,
    ...(fn.returns === undefined ? {} : { returns: resolveType(here, fn.returns) }),
    args,
    throws: fn.throws.map((field) => resolveThrown(here, field)),
    annotations: fn.annotations,
    ...(fn.doc === undefined ? {} : { doc: fn.doc }),
  };
}

/** Ignores requiredness, because it has no meaning in a `throws` clause. */
function resolveThrown(here: Here, field: FieldNode): FieldSchema {
  const schema = resolveField(here, field, 'default');
  const declared = schema.type.kind === 'struct' ? here.resolver.declared.get(schema.type.id) : undefined;
  if (declared?.node.kind !== 'exception') {
    throw errorHere(here, field.type.at, 'bad-throws', 'only exceptions can be thrown');
  }
  checkDeclaredAbove(here, declared, field.type.at, `the exception "${declared.node.name.text}"`);
  return schema;
}
