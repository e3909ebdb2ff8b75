/** `nestjs-sqs-thrift/codec`, which generated modules import. Loads neither Nest nor the AWS SDK. */
import { findService } from '../../idl/find-service.js';
import type { Schema, TypedService } from '../../idl/schema.js';

export type { Schema, StructSchema, TypedService } from '../../idl/schema.js';
export {
  registerCodecs,
  type CodecRuntime,
  type GeneratedCodecs,
  type StructCodecs,
} from '../../thrift/generated-codecs.js';
export type { BinaryInput, I64Input, MapInput, OneOf, PairsInput, SetInput } from './input-types.js';

/**
 * A service of a generated module's schema, as `findService` gives it.
 *
 * @throws IdlError `unknown-service`
 */
export function defineService<Stub>(schema: Schema, name: string): TypedService<Stub> {
  // The mark of the type is for the compiler; no value has it.
  return findService(schema, name) as TypedService<Stub>;
}
