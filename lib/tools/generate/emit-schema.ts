import type { ConstValue, FunctionSchema, Schema, ServiceSchema, StructSchema } from '../../idl/schema.js';
import { arrayText, constDataText, dataText, mapText, objectText, quote, type Replace } from './literal.js';
import type { ModuleScope } from './module-scope.js';
import { statement } from './statement.js';

/**
 * Emits a schema as data, without the paths of its files.
 *
 * @param schema what the services of the module reach in the schema of the scope
 */
export function emitSchema(scope: ModuleScope, schema: Schema): string[][] {
  const { structs, services, ...rest } = schema;
  const files = schema.files.map((_, index) => scope.fileName(index));
  const type = scope.use('StructSchema');
  // The compiler gives up on a table of 1 024 structs of different shapes without the type of each.
  const structText = (struct: StructSchema): string => `${dataText(struct, defaultsOf(scope, struct))} as ${type}`;
  const structMap = mapText(`Map<string, ${type}>`, structs, quote, structText);
  const serviceMap = mapText('Map', services, quote, (service) => serviceText(scope, service));
  const entries = Object.entries({ ...rest, files }).map(([name, value]) => [name, dataText(value)] as const);
  const schemaText = objectText([...entries, ['services', serviceMap], ['structs', 'structs']]);
  return [
    statement(undefined, [`const structs = ${structMap};`]),
    statement(undefined, [`const schema: ${scope.use('Schema')} = ${schemaText};`]),
  ];
}

/** Writes a service. Of functions with a result only the names are kept, for errors and refusals. */
function serviceText(scope: ModuleScope, { functions, ...rest }: ServiceSchema): string {
  const all = [...(scope.schema.services.get(rest.id)?.functions.values() ?? [])];
  const names = all.filter(({ oneway }) => !oneway).map(({ name }) => name);
  const list = arrayText([...functions.values()].map(functionText));
  const call = `${scope.use('functionsOf', 'value')}(${list}${names.length === 0 ? '' : `, ${quote(names.join(' '))}`})`;
  const entries = Object.entries(rest).filter(([, value]) => value !== undefined);
  return objectText([...entries.map(([name, value]) => [name, dataText(value)] as const), ['functions', call]]);
}

/** Writes a function. Its parameters are a struct of the schema. */
function functionText(fn: FunctionSchema): string {
  return dataText(fn, (value) => (value === fn.args ? `structs.get(${quote(fn.args.id)})!` : undefined));
}

/** Returns a replacement for the defaults of a struct's fields, which bear types where a table needs them. */
function defaultsOf(scope: ModuleScope, { fields }: StructSchema): Replace {
  const defaults = new Set<unknown>(
    fields.map(({ defaultValue }) => defaultValue).filter((value) => typeof value === 'object'),
  );
  return (value) =>
    defaults.has(value) ? constDataText(value as ConstValue, () => scope.use('ConstValue')) : undefined;
}
