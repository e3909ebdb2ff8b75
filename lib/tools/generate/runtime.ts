/**
 * The subpath `nestjs-sqs-thrift/codec`, which generated modules import. Loads neither Nest nor the
 * AWS SDK.
 */
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
 * Returns a service of a generated module's schema, as `findService` does.
 *
 * @throws IdlError `unknown-service`
 */
export function defineService<Methods, Client>(schema: Schema, name: string): TypedService<Methods, Client> {
  // Only the type has the properties that carry the interfaces.
  return findService(schema, name) as TypedService<Methods, Client>;
}
