import type { DefinitionNode, EnumNode } from './ast.js';
import { checkRouting } from './check-routing.js';
import { convertValue } from './convert-value.js';
import type { Program } from './program.js';
import { chainOf, resolveService } from './resolve-service.js';
import { checkNameAbove, resolveStruct } from './resolve-struct.js';
import { resolveType } from './resolve-type.js';
import { createResolver, type Here } from './resolver.js';
import type { ConstSchema, EnumSchema, Schema, ServiceSchema, StructSchema } from './schema.js';
import { buildScopes } from './scope.js';

interface SchemaMaps {
  readonly structs: Map<string, StructSchema>;
  readonly enums: Map<string, EnumSchema>;
  readonly constants: Map<string, ConstSchema>;
  readonly services: Map<string, ServiceSchema>;
}

/**
 * Resolves parsed programs into a schema.
 *
 * @param programs the root first
 * @param forNumbers true refuses an i64 that no number holds exactly; default false
 * @throws IdlError for every mistake that involves more than one definition
 */
export function resolveSchema(programs: readonly [Program, ...Program[]], forNumbers = false): Schema {
  const [root] = programs;
  const resolver = createResolver(buildScopes(programs), forNumbers);
  const { structs } = resolver;
  const maps: SchemaMaps = { structs, enums: new Map(), constants: new Map(), services: new Map() };
  for (const program of includesFirst(root)) {
    program.ast.definitions.forEach((node, order) => {
      const type = resolveDefinition({ resolver, program, order }, node, maps);
      if (type !== undefined) resolver.constants.set(type.id, type);
    });
  }
  for (const [program, { services }] of resolver.scopes) {
    const own = [...services.values()].filter((service) => service.program === program);
    for (const service of own) checkRouting(maps, chainOf({ resolver }, service));
  }
  return {
    program: root.id,
    files: programs.map(({ source }) => source.file),
    namespaces: root.ast.namespaces,
    ...maps,
  };
}

/** Orders included files first, because constants may use the constants of included files. */
function includesFirst(root: Program): ReadonlySet<Program> {
  const done = new Set<Program>();
  const visit = (program: Program): void => {
    if (done.has(program)) return;
    program.includes.forEach(visit);
    done.add(program);
  };
  visit(root);
  return done;
}

/** Adds a definition to the maps. Returns the definition if it is a constant. */
function resolveDefinition(here: Here, node: DefinitionNode, maps: SchemaMaps): ConstSchema | undefined {
  const id = `${here.program.id}.${node.name.text}`;
  switch (node.kind) {
    case 'const': {
      const type = resolveType(here, node.type);
      checkNameAbove(here, node);
      const value = convertValue(here, node.value, type);
      const doc = node.doc === undefined ? {} : { doc: node.doc };
      const constant: ConstSchema = { id, name: node.name.text, type, value, ...doc };
      maps.constants.set(id, constant);
      return constant;
    }
    case 'typedef':
      // The schema does not keep typedefs, but reports mistakes even in unused typedefs.
      resolveType(here, { kind: 'named', name: node.name.text, at: node.type.at });
      break;
    case 'enum':
      maps.enums.set(id, enumSchema(id, node));
      break;
    case 'service': {
      const service = resolveService(here, id, node);
      maps.services.set(id, service);
      for (const { args } of service.functions.values()) maps.structs.set(args.id, args);
      break;
    }
    default:
      maps.structs.set(id, resolveStruct(here, id, node));
  }
  return undefined;
}

function enumSchema(id: string, node: EnumNode): EnumSchema {
  return {
    id,
    name: node.name.text,
    values: new Map(node.values.map(({ name, value }) => [name.text, value])),
    annotations: node.annotations,
    ...(node.doc === undefined ? {} : { doc: node.doc }),
  };
}
