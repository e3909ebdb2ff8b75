/**
 * The subpath `nestjs-sqs-thrift/idl`: reads `.thrift` files into a schema, which is plain data.
 * Loads neither Nest nor the AWS SDK.
 *
 * @packageDocumentation
 */
export { ThriftTransportError } from './common/transport-error.js';
export { IdlError, type IdlErrorCode, type IdlErrorDetails } from './idl/errors.js';
export { findService } from './idl/find-service.js';
export {
  loadSchema,
  loadSchemaFromText,
  type LoadSchemaOptions,
  loadService,
  type ParseOptions,
  type TextSchemaOptions,
} from './idl/load-schema.js';
export type {
  Annotations,
  BaseTypeName,
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
} from './idl/schema.js';
export type { TypedService, UntypedMethods, UntypedService } from './idl/typed-service.js';
