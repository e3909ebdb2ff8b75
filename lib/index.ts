export type { ConsumeOptions } from './consume/consume-options.js';
export type { Classify, Delivery, Verdict } from './consume/delivery.js';
export { LeaseLostError, WorkerStoppedError, type Lease } from './consume/lease.js';
export { EventInProgressError, IdempotencyStoreError, type IdempotencyOptions } from './consume/run-once.js';
export type { RetryOptions } from './consume/retry-policy.js';
export { HandlersFailedError, HandlerTimeoutError } from './consume/stages.js';
export { CHANNELS } from './diagnostics/observer.js';
export type { SettledEvent, TransportEvent } from './diagnostics/transport-event.js';
export { createEventCodec, type EventCodec, type EventCodecOptions } from './event/event-codec.js';
export { ContractError, MalformedEventError, type ContractErrorCode } from './event/event-error.js';
export type { OnewayCall } from './event/oneway-call.js';
export { EVENT_ID_ATTRIBUTE } from './event/event-id.js';
export type { Begun, IdempotencyStore } from './idempotency/idempotency-store.js';
export { KeyvIdempotencyStore, type KeyvLike } from './idempotency/keyv-idempotency-store.js';
export { MemoryIdempotencyStore, type MemoryIdempotencyStoreOptions } from './idempotency/memory-idempotency-store.js';
export { IdlError, type IdlErrorCode } from './idl/errors.js';
export { findService } from './idl/find-service.js';
export { loadSchema, loadSchemaFromText, type LoadSchemaOptions, type TextSchemaOptions } from './idl/load-schema.js';
export { loadService } from './idl/load-service.js';
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
} from './idl/schema.js';
export type { ClientThriftQueueOptions } from './nest/client/client-options.js';
export { ClientSqsThrift, type ClientSqsThriftOptions } from './nest/client/client-sqs-thrift.js';
export { ClientThriftQueue } from './nest/client/client-thrift-queue.js';
export type { OnewayStub } from './nest/client/service-stub.js';
export { SqsThriftContext } from './nest/context/sqs-thrift.context.js';
export { ThriftQueueContext } from './nest/context/thrift-queue.context.js';
export { RejectEventException } from './nest/exceptions/reject-event.exception.js';
export { RetryEventException } from './nest/exceptions/retry-event.exception.js';
export { KeepErrorFilter } from './nest/filters/keep-error.filter.js';
export { SqsThriftRecord, SqsThriftRecordBuilder } from './nest/record-builders/sqs-thrift.record-builder.js';
export type { ServerThriftQueueOptions } from './nest/server/server-options.js';
export { ServerSqsThrift, type ServerSqsThriftOptions } from './nest/server/server-sqs-thrift.js';
export { ServerThriftQueue } from './nest/server/server-thrift-queue.js';
export { SqsThriftModule, type SqsThriftModuleAsyncOptions } from './nest/sqs-thrift.module.js';
export type { TransportListeners } from './nest/event-listeners.js';
export { SQS_THRIFT } from './nest/transport-id.js';
export { BufferFullError, PublishError, type PublishErrorCode } from './publish/publish-error.js';
export type { PublishOptions } from './publish/publish-options.js';
export type { SendOptions } from './publish/send-options.js';
export type { Clock } from './queue/clock.js';
export { DEAD_LETTER_ATTRIBUTE, type DeadLetterNote } from './queue/dead-letter-note.js';
export { QueueError, type QueueErrorKind } from './queue/queue-error.js';
export type {
  Features,
  HideEntry,
  Outcome,
  Queue,
  QueueLimits,
  ReceiveOptions,
  RedrivePolicy,
  SendOutcome,
  SendPort,
} from './queue/queue.js';
export type { RejectReason } from './queue/settlement.js';
export type { ReceivedMessage, WireBody, WireMessage } from './queue/wire-message.js';
export type { LargePayloadOptions } from './sqs/extended/large-payload-options.js';
export { openSnsTopic } from './sqs/sns/open-sns-topic.js';
export type { SnsEnvelopeOptions } from './sqs/sns/sns-envelope-options.js';
export type { SnsTopicOptions } from './sqs/sns/sns-topic-options.js';
export { openSqsQueue } from './sqs/open-sqs-queue.js';
export type { SqsQueueOptions, SqsTimeouts } from './sqs/sqs-queue-options.js';
export { ThriftCodecError, ThriftReadError, ThriftWriteError } from './thrift/errors.js';
export type { ReadLimits } from './thrift/limits.js';
export { readStructure, type StructureOptions } from './thrift/structure/read-structure.js';
export type { MessageStructure, StructureField, StructureType, StructureValue } from './thrift/structure/structure.js';
export type { ProtocolName } from './thrift/protocol.js';
export type { CodecOptions } from './thrift/service-codec.js';
export { SqsThriftTransport } from './transport/sqs-thrift-transport.js';
export type { SqsThriftTransportOptions, ThriftTransportOptions } from './transport/transport-options.js';
