/**
 * The subpath `nestjs-sqs-thrift/port`: the queue port, which carriers implement, the queues and
 * topics of AWS behind it, and the types of nested options. Loads the AWS SDK for SQS, and never
 * Nest. An import of types loads nothing.
 *
 * @packageDocumentation
 */
export type { ApacheConnection } from './apache/apache-connection.js';
export type { ThriftTransportOptions } from './apache/call-buffer.js';
export type { LargePayloadOptions, S3ClientOptions } from './carriers/sqs/extended/large-payload-options.js';
export { openSqsQueue } from './carriers/sqs/open-sqs-queue.js';
export type { NoClient, SdkClientConfig, SdkClientLike } from './carriers/sqs/access-options.js';
export type { FetchText } from './carriers/sqs/sns/certificates.js';
export { openSnsTopic } from './carriers/sqs/sns/open-sns-topic.js';
export type { SnsEnvelopeOptions } from './carriers/sqs/sns/sns-envelope-options.js';
export type { SnsTopicOptions } from './carriers/sqs/sns/sns-topic-options.js';
export type { SqsQueueOptions, SqsTimeouts } from './carriers/sqs/sqs-queue-options.js';
export { ThriftTransportError } from './common/transport-error.js';
export type { ConsumeOptions } from './consume/consume-options.js';
export type { Delivery, Lease } from './consume/delivery.js';
export type { IdempotencyOptions } from './consume/middleware/idempotency.js';
export type { RetryOptions } from './consume/retry-policy.js';
export type {
  DeliveredEvent,
  HandledEvent,
  RequestEvent,
  SettledEvent,
  SettleFailedEvent,
} from './diagnostics/transport-event.js';
export { EVENT_ID_ATTRIBUTE } from './event/event-id.js';
export type { ClaimResult, IdempotencyStore } from './idempotency/idempotency-store.js';
export type { KeyvLike } from './idempotency/keyv-idempotency-store.js';
export type { MemoryIdempotencyStoreOptions } from './idempotency/memory-idempotency-store.js';
export type { SendOptions } from './publish/outgoing-message.js';
export type { EmitAllOptions, EmitAllResult, EmitFailure } from './publish/publish-all.js';
export type { PublishErrorCode } from './publish/publish-error.js';
export type { BufferOptions, PackOptions, PublishOptions } from './publish/publish-options.js';
export { type Clock, systemClock, type TimerOptions } from './queue/clock.js';
export { DEAD_LETTER_ATTRIBUTE, type DeadLetterNote } from './queue/dead-letter-note.js';
export { QueueError, type QueueErrorInit, type QueueErrorKind } from './queue/queue-error.js';
export type {
  Discard,
  EntryResult,
  LeaseExtension,
  MessageReceiver,
  MessageSender,
  Queue,
  QueueFeatures,
  QueueLimits,
  ReceiveOptions,
  RedrivePolicy,
  Release,
  SendResult,
} from './queue/queue.js';
export type { QueuePrefixOption } from './queue/derived-names.js';
export type { RejectReason } from './queue/settlement.js';
export type { Defect, ReceivedMessage, WireBody, WireMessage } from './queue/wire-message.js';
