/**
 * The subpath `nestjs-sqs-thrift/codec`: calls to bytes and back, for generated modules and for
 * programs without Nest. Loads neither Nest nor the AWS SDK.
 *
 * @packageDocumentation
 */
export { ThriftTransportError } from './common/transport-error.js';
export type { OnewayCall } from './event/contract.js';
export { ContractError, type ContractErrorCode, MalformedEventError } from './event/event-error.js';
export { createEventCodec, type EventCodec, type EventCodecOptions } from './event/event-codec.js';
export type { ConstValue, Schema, StructSchema } from './idl/schema.js';
export type { TypedService } from './idl/typed-service.js';
export {
  type ThriftLimitName,
  type ReadReason,
  ThriftCodecError,
  ThriftReadError,
  ThriftWriteError,
  type WriteReason,
} from './thrift/errors.js';
export {
  type CodecRuntime,
  type GeneratedCodecs,
  registerCodecs,
  type StructCodecs,
} from './thrift/generated-codecs.js';
export type { ThriftLimitOptions, ThriftLimits } from './thrift/limits.js';
export type { ReaderOptions } from './thrift/messages.js';
export type { Int64Like, ProtocolName } from './thrift/protocol.js';
export type { CodecOptions } from './thrift/service-codec.js';
export type { UnknownFields } from './thrift/unknown-fields.js';
export { decodeUntyped, type DecodeUntypedOptions, type UntypedMessage } from './thrift/untyped/decode-untyped.js';
export type { UntypedField, UntypedType, UntypedValue } from './thrift/untyped/untyped-reader.js';
export { defineService, functionsOf } from './tools/generate/define-service.js';
export type {
  AtMostOneOf,
  BinaryInput,
  I64Input,
  MapInput,
  OneOf,
  PairsInput,
  SetInput,
} from './tools/generate/input-types.js';
