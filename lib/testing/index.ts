export { startEmbeddedSqs } from './embedded-sqs.js';
export type { EmbeddedQueue, EmbeddedSqs, EmbeddedSqsOptions } from './embedded-sqs.js';
export type { EmbeddedTopics } from './embedded-topics.js';
export type { Fault, FaultMoment, FaultScript, QueueCall, QueueVerb } from './fault-script.js';
export { createMemoryQueue, MemoryQueue } from './memory-queue.js';
export type { QueueDepth } from './memory-queue.js';
export type { MemoryQueueOptions } from './memory-queue-options.js';
export type { MessageSnapshot } from './message-snapshot.js';
export { VirtualClock } from './virtual-clock.js';
