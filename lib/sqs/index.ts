export { openSqsQueue } from './open-sqs-queue.js';
export type { SqsQueueOptions, SqsTimeouts } from './sqs-queue-options.js';
