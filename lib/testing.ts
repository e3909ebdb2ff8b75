/**
 * The subpath `nestjs-sqs-thrift/testing`: clients and strategies in memory, a recording client, an
 * embedded SQS, an embedded Starling or Kestrel, and the contract suite for carriers. Loads Nest.
 *
 * @packageDocumentation
 */
export type { EmbeddedBuckets } from './testing/embedded/buckets.js';
export { type EmbeddedSqs, type EmbeddedSqsOptions, startEmbeddedSqs } from './testing/embedded/embedded-sqs.js';
export type { EmbeddedQueue, EmbeddedQueueOptions, EmbeddedQueues } from './testing/embedded/queues.js';
export type { EmbeddedMessage } from './testing/embedded/sent-messages.js';
export type { EmbeddedTopics } from './testing/embedded/topics.js';
export type { Fault, FaultMoment, FaultScript, QueueCall, QueueVerb } from './carriers/memory/fault-script.js';
export { createMemoryQueue, MemoryQueue } from './carriers/memory/memory-queue.js';
export { MemoryBroker, type BrokerQueueOptions, type MemoryBrokerOptions } from './carriers/memory/memory-broker.js';
export type { DeadLetterTarget, MemoryQueueOptions } from './carriers/memory/memory-queue-options.js';
export type { MessageSnapshot, QueueDepth } from './carriers/memory/message-snapshot.js';
export {
  bothEnds,
  type CarrierEnds,
  type CarrierPromises,
  type CarrierUnderTest,
  type ContractOpenOptions,
} from './testing/contract/carrier-under-test.js';
export { type ContractCheck, queueContract } from './testing/contract/queue-contract.js';
export { ClientThriftMemory, type ClientThriftMemoryOptions } from './nest/memory/client-thrift-memory.js';
export type { DeadLetter } from './nest/memory/dead-letters.js';
export { ServerThriftMemory, type ServerThriftMemoryOptions } from './nest/memory/server-thrift-memory.js';
export type { RecordedArgs, RecordedCall } from './nest/recording/recorded-call.js';
export { RecordingClient, type RecordingClientOptions } from './nest/recording/recording-client.js';
export {
  EmbeddedStarling,
  type EmbeddedStarlingOptions,
  startEmbeddedStarling,
} from './testing/starling/embedded-starling.js';
export type { StarlingFault } from './testing/starling/server-session.js';
export { VirtualClock } from './testing/virtual-clock.js';
