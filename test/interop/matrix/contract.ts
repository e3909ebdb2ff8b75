import { loadService } from 'nestjs-sqs-thrift';
import type { FieldSchema } from 'nestjs-sqs-thrift/idl';

/**
 * Loads the IDL that every side of the matrix calls and handles: the functions of the vectors and
 * the structures of Apache's own cross-language test.
 */
export const service = loadService('test/interop/matrix/crazynesting.thrift', 'CrazyNestingTest', {
  allowNegativeFieldIds: true,
});

/** The fields of a struct or union. */
export function fieldsOf(id: string): readonly FieldSchema[] {
  return service.schema.structs.get(id)!.fields;
}

/** The parameters of a method, in the order in which they are declared; undefined for one that nobody has. */
export function parametersOf(method: string): readonly FieldSchema[] | undefined {
  return service.functions.get(method)?.args.fields;
}
