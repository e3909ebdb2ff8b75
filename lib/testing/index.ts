export {
  type EmbeddedBuckets,
  type EmbeddedQueue,
  type EmbeddedSqs,
  type EmbeddedSqsOptions,
  type EmbeddedTopics,
  startEmbeddedSqs,
} from './embedded-sqs.js';
export type { Fault, FaultMoment, FaultScript, QueueCall, QueueVerb } from '../carriers/memory/fault-script.js';
export { createMemoryQueue, MemoryQueue, type QueueDepth } from '../carriers/memory/memory-queue.js';
export type { MemoryQueueOptions } from '../carriers/memory/memory-queue-options.js';
export type { MessageSnapshot } from '../carriers/memory/message-snapshot.js';
export {
  bothEnds,
  type CarrierEnds,
  type CarrierPromises,
  type CarrierUnderTest,
  type ContractOpenOptions,
} from './contract/carrier-under-test.js';
export { type ContractCheck, queueContract } from './contract/queue-contract.js';
export { VirtualClock } from './virtual-clock.js';
