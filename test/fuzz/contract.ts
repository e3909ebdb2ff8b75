import { findService } from '#lib/idl/find-service.js';
import { loadSchema } from '#lib/idl/load-schema.js';
import type { FieldSchema, ThriftType } from '#lib/idl/schema.js';

/** The service that is fuzzed: one function for each Thrift type. Found from the project's root. */
export const service = findService(
  loadSchema('test/vectors/vectors.thrift', { allowNegativeFieldIds: true }),
  'Vectors',
);

/** The functions by name. */
export const methods = [...service.functions.values()];

/** The fields of a struct or union. */
export function fieldsOf(id: string): readonly FieldSchema[] {
  return service.schema.structs.get(id)!.fields;
}

type TypeText = string | readonly [string, ...TypeText[]];

function describeType(type: ThriftType): TypeText {
  switch (type.kind) {
    case 'list':
    case 'set':
      return [type.kind, describeType(type.element)];
    case 'map':
      return ['map', describeType(type.key), describeType(type.value)];
    case 'struct':
      return ['struct', type.id];
    case 'enum':
      return 'i32';
    default:
      return type.kind;
  }
}

const describeFields = (fields: readonly FieldSchema[]): object[] =>
  fields.map(({ id, name, type, requiredness }) => ({
    id,
    name,
    type: describeType(type),
    required: requiredness === 'required',
  }));

/** The service as plain JSON, for a reader in another language. */
export function describeContract(): object {
  return {
    methods: Object.fromEntries(methods.map(({ name, args }) => [name, describeFields(args.fields)])),
    structs: Object.fromEntries(
      [...service.schema.structs.values()].map(({ id, kind, fields }) => [
        id,
        { union: kind === 'union', fields: describeFields(fields) },
      ]),
    ),
  };
}
