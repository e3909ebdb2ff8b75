export type { ConsumeOptions } from './consume/consume-options.js';
export {
  type ErrorClassifier,
  type Delivery,
  type Lease,
  LeaseLostError,
  type HandlerDecision,
  WorkerStoppedError,
} from './consume/delivery.js';
export {
  EventInProgressError,
  type IdempotencyOptions,
  IdempotencyStoreError,
} from './consume/middleware/idempotency.js';
export type { RetryOptions } from './consume/retry-policy.js';
export { HandlersFailedError, HandlerTimeoutError } from './consume/handler-errors.js';
export { CHANNELS } from './diagnostics/event-sink.js';
export type { SettledEvent, TransportEvent } from './diagnostics/transport-event.js';
export { createEventCodec, type EventCodec, type EventCodecOptions } from './event/event-codec.js';
export { ThriftTransportError } from './common/transport-error.js';
export { ContractError, type ContractErrorCode, MalformedEventError } from './event/event-error.js';
export type { OnewayCall } from './event/contract.js';
export { EVENT_ID_ATTRIBUTE } from './event/event-id.js';
export type { ClaimResult, IdempotencyStore } from './idempotency/idempotency-store.js';
export { KeyvIdempotencyStore, type KeyvLike } from './idempotency/keyv-idempotency-store.js';
export { MemoryIdempotencyStore, type MemoryIdempotencyStoreOptions } from './idempotency/memory-idempotency-store.js';
export { IdlError, type IdlErrorCode } from './idl/errors.js';
export { findService } from './idl/find-service.js';
export {
  loadSchema,
  loadSchemaFromText,
  type LoadSchemaOptions,
  loadService,
  type TextSchemaOptions,
} from './idl/load-schema.js';
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
  UntypedMethods,
} from './idl/schema.js';
export type { BaseThriftClientOptions, ClientSqsThriftOptions } from './nest/client/client-options.js';
export { ClientSqsThrift } from './nest/client/client-sqs-thrift.js';
export { BaseThriftClient } from './nest/client/base-thrift-client.js';
export type { OnewayStub } from './nest/client/service-stub.js';
export { ThriftController, type ThriftControllerOptions } from './nest/decorators/thrift-controller.decorator.js';
export { ThriftMethod } from './nest/decorators/thrift-method.decorator.js';
export { SqsThriftContext, ThriftContext } from './nest/thrift.context.js';
export { RejectEventException } from './nest/exceptions/reject-event.exception.js';
export { RetryEventException } from './nest/exceptions/retry-event.exception.js';
export { RethrowErrorFilter } from './nest/rethrow-error.filter.js';
export { ThriftRecord, ThriftRecordBuilder } from './nest/thrift.record-builder.js';
export { SqsThriftRecordBuilder } from './nest/sqs-thrift.record-builder.js';
export { EmitAllError, type EmitAllOptions, type EmitAllResult } from './publish/publish-all.js';
export type { BaseThriftServerOptions } from './nest/server/server-options.js';
export { ServerSqsThrift, type ServerSqsThriftOptions } from './nest/server/server-sqs-thrift.js';
export { BaseThriftServer } from './nest/server/base-thrift-server.js';
export { ThriftFactory } from './nest/thrift-factory.js';
export type { StrategyFactory, StrategySource } from './nest/strategies.js';
export type { TransportListeners } from './nest/event-listeners.js';
export { SQS_THRIFT } from './nest/transport-id.js';
export { BufferFullError, PublishError, type PublishErrorCode } from './publish/publish-error.js';
export type { PublishOptions } from './publish/publish-options.js';
export type { SendOptions } from './publish/outgoing-message.js';
export type { Clock } from './queue/clock.js';
export { DEAD_LETTER_ATTRIBUTE, type DeadLetterNote } from './queue/dead-letter-note.js';
export { QueueError, type QueueErrorKind } from './queue/queue-error.js';
export type {
  QueueFeatures,
  Discard,
  EntryResult,
  LeaseExtension,
  MessageReceiver,
  Queue,
  QueueLimits,
  ReceiveOptions,
  RedrivePolicy,
  Release,
  SendResult,
  MessageSender,
} from './queue/queue.js';
export type { RejectReason } from './queue/settlement.js';
export type { ReceivedMessage, WireBody, WireMessage } from './queue/wire-message.js';
export type { LargePayloadOptions } from './carriers/sqs/extended/large-payload-options.js';
export { openSnsTopic } from './carriers/sqs/sns/open-sns-topic.js';
export type { SnsEnvelopeOptions } from './carriers/sqs/sns/sns-envelope-options.js';
export type { SnsTopicOptions } from './carriers/sqs/sns/sns-topic-options.js';
export { openSqsQueue } from './carriers/sqs/open-sqs-queue.js';
export type { SqsQueueOptions, SqsTimeouts } from './carriers/sqs/sqs-queue-options.js';
export { ThriftCodecError, ThriftReadError, ThriftWriteError } from './thrift/errors.js';
export type { ReadLimits } from './thrift/limits.js';
export { decodeUntyped, type DecodeUntypedOptions, type UntypedMessage } from './thrift/untyped/decode-untyped.js';
export type { UntypedField, UntypedType, UntypedValue } from './thrift/untyped/untyped-reader.js';
export type { ProtocolName } from './thrift/protocol.js';
export type { CodecOptions } from './thrift/service-codec.js';
export { SqsThriftTransport } from './apache/sqs-thrift-transport.js';
export type { SqsThriftTransportOptions, ThriftTransportOptions } from './apache/call-buffer.js';
