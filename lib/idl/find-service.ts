import { IdlError } from './errors.js';
import { programIds } from './program-ids.js';
import type { FunctionSchema, Schema, ServiceSchema, ThriftService } from './schema.js';
import { didYouMean } from './suggest.js';

/**
 * A service of a schema, with the functions it inherits before its own.
 *
 * @param name `Name` for a service of the root file, `program.Name` for one of an included file
 * @throws IdlError `unknown-service`, with the services there are
 */
export function findService(schema: Schema, name: string): ThriftService {
  const service = schema.services.get(`${schema.program}.${name}`) ?? schema.services.get(name);
  if (service === undefined) throw unknownService(schema, name);
  return {
    name: service.name,
    file: fileOf(schema, service),
    functions: allFunctions(schema, service),
    annotations: service.annotations,
    schema,
  };
}

function allFunctions(schema: Schema, service: ServiceSchema): ReadonlyMap<string, FunctionSchema> {
  const chain: ServiceSchema[] = [];
  for (let next: ServiceSchema | undefined = service; next !== undefined;) {
    chain.unshift(next);
    next = next.extends === undefined ? undefined : schema.services.get(next.extends);
  }
  return new Map(chain.flatMap(({ functions }) => [...functions]));
}

/** Ids begin with the program, and programs are numbered in the order of the files. */
function fileOf(schema: Schema, service: ServiceSchema): string {
  const program = service.id.slice(0, -(service.name.length + 1));
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
  const message = `${file}: unknown service "${name}"${didYouMean(name, names)} (${known})`;
  return new IdlError('unknown-service', message, { file });
}
