/**
 * The subpath `nestjs-sqs-thrift/idl`: reads `.thrift` files into a schema, which is plain data.
 */
export { IdlError, type IdlErrorCode } from './errors.js';
export { findService } from './find-service.js';
export {
  loadSchema,
  loadSchemaFromText,
  type LoadSchemaOptions,
  loadService,
  type TextSchemaOptions,
} from './load-schema.js';
export type {
  Annotations,
  ConstSchema,
  ConstValue,
  EnumSchema,
  FieldSchema,
  FunctionSchema,
  Requiredness,
  Routing,
  Schema,
  ServiceSchema,
  StructSchema,
  ThriftService,
  ThriftType,
  TypedService,
} from './schema.js';
