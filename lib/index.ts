/**
 * The package `nestjs-sqs-thrift`: the names that an application with Nest writes. The rest is in
 * the subpaths `codec`, `idl`, `port` and `testing`.
 *
 * @packageDocumentation
 */
export { SqsThriftTransport } from './apache/sqs-thrift-transport.js';
export type { SqsThriftTransportOptions } from './apache/call-buffer.js';
export { ThriftTransportError } from './common/transport-error.js';
export { type ErrorClassifier, type HandlerDecision, LeaseLostError, WorkerStoppedError } from './consume/delivery.js';
export { HandlersFailedError, HandlerTimeoutError } from './consume/handler-errors.js';
export { EventInProgressError, IdempotencyStoreError } from './consume/middleware/idempotency.js';
export { CHANNELS } from './diagnostics/event-sink.js';
export type { TransportEvent } from './diagnostics/transport-event.js';
export { KeyvIdempotencyStore } from './idempotency/keyv-idempotency-store.js';
export { MemoryIdempotencyStore } from './idempotency/memory-idempotency-store.js';
export { BaseThriftClient } from './nest/client/base-thrift-client.js';
export type { BaseThriftClientOptions, ClientSqsThriftOptions } from './nest/client/client-options.js';
export { ClientSqsThrift } from './nest/client/client-sqs-thrift.js';
export type { OnewayStub } from './nest/client/service-stub.js';
export { ThriftController, type ThriftControllerDecorator } from './nest/decorators/thrift-controller.decorator.js';
export type { ThriftMethodDecorator } from './nest/decorators/handler-types.js';
export { ThriftMethod } from './nest/decorators/thrift-method.decorator.js';
export { RejectEventException } from './nest/exceptions/reject-event.exception.js';
export { RetryEventException } from './nest/exceptions/retry-event.exception.js';
export { RethrowErrorFilter } from './nest/rethrow-error.filter.js';
export { BaseThriftServer } from './nest/server/base-thrift-server.js';
export type { BaseThriftServerOptions } from './nest/server/server-options.js';
export { ServerSqsThrift, type ServerSqsThriftOptions } from './nest/server/server-sqs-thrift.js';
export { SqsThriftRecordBuilder } from './nest/sqs-thrift.record-builder.js';
export type { StrategySource } from './nest/strategies.js';
export { ThriftFactory } from './nest/thrift-factory.js';
export { ThriftWorkers } from './nest/thrift-workers.js';
export { SqsThriftContext, ThriftContext } from './nest/thrift.context.js';
export { ThriftRecord, ThriftRecordBuilder } from './nest/thrift.record-builder.js';
export { SQS_THRIFT } from './nest/transport-id.js';
export { EmitAllError } from './publish/publish-all.js';
export { BufferFullError, PublishError } from './publish/publish-error.js';
// Through the subpaths, so that TypeScript can name the types of a subpath in the declarations of
// an application that imports the package alone.
export { ContractError, MalformedEventError } from './codec.js';
export { loadService, type ThriftService, type TypedService } from './idl.js';
export { type IdempotencyStore, QueueError } from './port.js';
