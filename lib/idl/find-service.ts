import { IdlError } from './errors.js';
import { programIds } from './program.js';
import { routingOf } from './routing.js';
import type { Schema, ServiceSchema, ThriftService } from './schema.js';
import { describeOption } from '../common/option-names.js';
import { printable } from '../common/printable.js';
import { didYouMean } from '../common/nearest-name.js';

/** Keeps the services of each schema by id, so that a service is one object. */
const found = new WeakMap<Schema, Map<string, ThriftService>>();

/**
 * Finds a service in a schema. Inherited functions come before the service's own functions. Returns
 * the same object each time.
 *
 * @param name `Name` for a service of the root file, `program.Name` for a service of an included
 *   file
 * @throws IdlError `unknown-service`, with the names of the available services
 * @publicApi
 */
export function findService(schema: Schema, name: string): ThriftService {
  if (typeof name !== 'string') throw unknownService(schema, describeOption(name));
  const service = schema.services.get(`${schema.program}.${name}`) ?? schema.services.get(name);
  if (service === undefined) throw unknownService(schema, name);
  const services = found.get(schema) ?? new Map<string, ThriftService>();
  found.set(schema, services);
  const known = services.get(service.id) ?? createService(schema, service);
  services.set(service.id, known);
  return known;
}

function createService(schema: Schema, service: ServiceSchema): ThriftService {
  const chain = chainOf(schema, service);
  const functions = new Map(chain.toReversed().flatMap((owner) => [...owner.functions]));
  const inherited = chain.map(({ annotations }) => annotations);
  return {
    name: service.name,
    file: fileOf(schema, service),
    functions,
    routing: new Map(
      [...functions].map(([method, fn]) => [method, routingOf(schema.structs, fn, [fn.annotations, ...inherited])]),
    ),
    annotations: service.annotations,
    schema,
  };
}

/** Returns the service, then the services it extends. */
function chainOf(schema: Schema, service: ServiceSchema): readonly ServiceSchema[] {
  const chain: ServiceSchema[] = [];
  for (let next: ServiceSchema | undefined = service; next !== undefined;) {
    chain.push(next);
    next = next.extends === undefined ? undefined : schema.services.get(next.extends);
  }
  return chain;
}

/**
 * Returns the file that declares a struct, enum or service. Ids begin with the program, and
 * programs are numbered in the order of the files.
 */
export function fileOf(schema: Schema, { id, name }: Pick<ServiceSchema, 'id' | 'name'>): string {
  const program = id.slice(0, -(name.length + 1));
  return schema.files[programIds(schema.files).indexOf(program)] ?? rootFile(schema);
}

function rootFile(schema: Schema): string {
  return schema.files[0] ?? schema.program;
}

function unknownService(schema: Schema, name: string): IdlError {
  const prefix = `${schema.program}.`;
  const names = [...schema.services.keys()].map((id) => (id.startsWith(prefix) ? id.slice(prefix.length) : id));
  const file = rootFile(schema);
  const known = names.length === 0 ? 'it declares no service' : `services: ${names.join(', ')}`;
  const message = `${file}: unknown service ${printable(name)}${didYouMean(name, names)} (${known})`;
  return new IdlError('unknown-service', message, { file });
}
