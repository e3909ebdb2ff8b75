import { ClientThriftMemory, createMemoryQueue, ServerThriftMemory } from 'nestjs-sqs-thrift/testing';
import type { CarrierQueue, TestCarrier } from './carrier.js';

async function open(): Promise<CarrierQueue> {
  const queue = createMemoryQueue();
  const deadLetterQueue = createMemoryQueue({ name: 'dead-letters' });
  return {
    server: ({ deadLetters = false, ...options }) =>
      new ServerThriftMemory({
        ...options,
        queue,
        ...(deadLetters ? { poisonPolicy: 'dead-letter', deadLetterQueue } : { poisonPolicy: 'drop' }),
      }),
    clientOptions: (service) => ({ service, queue }),
    deadLetters: async () => deadLetterQueue.messages().map(({ body }) => body),
    left: async () => queue.messages().length,
  };
}

export const MEMORY: TestCarrier = {
  name: 'memory',
  features: {
    persistent: false,
    leases: true,
    ordered: false,
    attributes: true,
    delay: true,
    longPolling: true,
    abortableReceive: true,
    resend: true,
    body: 'text',
  },
  Client: ClientThriftMemory,
  start: async () => ({ open, stop: async () => undefined }),
};
