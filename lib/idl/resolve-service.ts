import type { FieldNode, FunctionNode, NameNode, ServiceNode } from './ast.js';
import type { DeclaredService } from './program.js';
import { resolveField } from './resolve-struct.js';
import { resolveType } from './resolve-type.js';
import { checkDeclaredAbove, errorHere, scopeOf, unknownName, type Here } from './resolver.js';
import type { FieldSchema, FunctionSchema, ServiceSchema, StructSchema } from './schema.js';

/**
 * A service with its own functions.
 *
 * @throws IdlError `unknown-service`, `extends-cycle`, `declared-below`, `duplicate-name` for an inherited function, `bad-throws`
 */
export function resolveService(here: Here, id: string, node: ServiceNode): ServiceSchema {
  const base = node.extends === undefined ? undefined : resolveBase(here, id, node.extends);
  const functions = new Map<string, FunctionSchema>();
  for (const fn of node.functions) {
    if (base !== undefined) checkNotInherited(here, base, fn.name);
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

function resolveBase(here: Here, id: string, name: NameNode): DeclaredService {
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
  return base;
}

/** A service, then those it extends; stops after a service that was there before. */
export function chainOf(here: Pick<Here, 'resolver'>, service: DeclaredService): DeclaredService[] {
  const chain: DeclaredService[] = [];
  for (let next: DeclaredService | undefined = service; next !== undefined;) {
    const known = chain.includes(next);
    chain.push(next);
    if (known) break;
    const base: NameNode | undefined = next.node.extends;
    next = base && scopeOf({ resolver: here.resolver, program: next.program }).services.get(base.text);
  }
  return chain;
}

function checkNotInherited(here: Here, base: DeclaredService, name: NameNode): void {
  const owner = chainOf(here, base).find(({ node }) => node.functions.some((fn) => fn.name.text === name.text));
  if (owner === undefined) return;
  const message = `the function "${name.text}" is already inherited from the service "${owner.node.name.text}"`;
  throw errorHere(here, name.at, 'duplicate-name', message);
}

function resolveFunction(here: Here, serviceId: string, fn: FunctionNode): FunctionSchema {
  const name = `${fn.name.text}_args`;
  const args: StructSchema = {
    id: `${serviceId}.${name}`,
    name,
    kind: 'args',
    // `optional` is ignored for parameters, as in Apache's compiler; `required` is not.
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

/** Requiredness has no meaning in a `throws` clause and is ignored. */
function resolveThrown(here: Here, field: FieldNode): FieldSchema {
  const schema = resolveField(here, field, 'default');
  const declared = schema.type.kind === 'struct' ? here.resolver.declared.get(schema.type.id) : undefined;
  if (declared?.node.kind !== 'exception') {
    throw errorHere(here, field.type.at, 'bad-throws', 'only exceptions can be thrown');
  }
  checkDeclaredAbove(here, declared, field.type.at, `the exception "${declared.node.name.text}"`);
  return schema;
}
