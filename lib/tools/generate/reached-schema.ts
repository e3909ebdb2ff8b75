import type { EnumSchema, FunctionSchema, Schema, ServiceSchema, StructSchema, ThriftType } from '../../idl/schema.js';
import { onewayArguments } from '../../thrift/struct-codecs.js';

/**
 * Reduces a schema to what the oneway functions of services reach: the services and those that they
 * extend, with their oneway functions alone, and the structs and enums of their arguments. Constants
 * are not in it, because defaults contain the values of constants.
 */
export function reachedSchema(schema: Schema, services: readonly ServiceSchema[]): Schema {
  const kept = new Map(services.flatMap((service) => chainOf(schema, service)).map((service) => [service.id, service]));
  const functions = new Map([...kept].map(([id, service]) => [id, { ...service, functions: onewayOf(service) }]));
  const reached = new Reached(schema);
  for (const { id } of onewayArguments({ services: functions })) reached.add({ kind: 'struct', id });
  return {
    ...schema,
    structs: only(schema.structs, reached.ids),
    enums: only(schema.enums, reached.ids),
    constants: new Map(),
    // The order of declaration.
    services: only(functions, new Set(schema.services.keys())),
  };
}

/** Returns the service, then the services it extends. */
function chainOf({ services }: Schema, service: ServiceSchema): readonly ServiceSchema[] {
  const chain: ServiceSchema[] = [];
  for (let next: ServiceSchema | undefined = service; next !== undefined;) {
    chain.push(next);
    next = next.extends === undefined ? undefined : services.get(next.extends);
  }
  return chain;
}

function onewayOf({ functions }: ServiceSchema): ReadonlyMap<string, FunctionSchema> {
  return new Map([...functions].filter(([, { oneway }]) => oneway));
}

function only<Value>(items: ReadonlyMap<string, Value>, ids: ReadonlySet<string>): ReadonlyMap<string, Value> {
  return new Map([...items].filter(([id]) => ids.has(id)));
}

/** Collects the ids of structs and enums that types reach. */
class Reached {
  readonly ids = new Set<string>();

  constructor(
    private readonly schema: {
      readonly structs: ReadonlyMap<string, StructSchema>;
      readonly enums: ReadonlyMap<string, EnumSchema>;
    },
  ) {}

  /** Adds what a type reaches. A list of open types replaces recursion, because structs may form a long chain. */
  add(type: ThriftType): void {
    for (const open = [type]; open.length > 0;) open.push(...this.next(open.pop()!));
  }

  private next(type: ThriftType): readonly ThriftType[] {
    switch (type.kind) {
      case 'list':
      case 'set':
        return [type.element];
      case 'map':
        return [type.key, type.value];
      case 'struct':
      case 'enum':
        if (this.ids.has(type.id)) return [];
        this.ids.add(type.id);
        return this.schema.structs.get(type.id)?.fields.map((field) => field.type) ?? [];
      default:
        return [];
    }
  }
}
