import type { MessageReceiver, MessageSender, Queue, QueueFeatures } from '#lib/queue/queue.js';
import { QueueError } from '#lib/queue/queue-error.js';
import { createMemoryQueue, type MemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { bothEnds, type CarrierEnds, type CarrierPromises, type CarrierUnderTest } from '#lib/testing.js';

const features: QueueFeatures = {
  persistent: false,
  leases: true,
  ordered: false,
  attributes: true,
  delay: true,
  longPolling: true,
  abortableReceive: true,
  resend: true,
  body: 'text',
};

/** Promises of the queue in memory. */
export const MEMORY_PROMISES: CarrierPromises & { readonly fifo: QueueFeatures } = {
  features,
  fifo: { ...features, ordered: true, delay: false },
  redrive: true,
};

/** Opens queues in memory on a virtual clock. Passes each of them through `wrap`. */
export function memoryCarrier(wrap: (queue: MemoryQueue) => CarrierEnds = bothEnds): CarrierUnderTest {
  const clock = new VirtualClock();
  return {
    async open({ fifo = false, maxReceiveCount }) {
      if (maxReceiveCount === undefined) return wrap(createMemoryQueue({ clock, fifo }));
      const deadLetterQueue = createMemoryQueue({ name: 'dead', clock, fifo });
      const queue = createMemoryQueue({ clock, fifo, redrive: { maxReceiveCount, deadLetterQueue } });
      return { ...wrap(queue), deadLetters: wrap(deadLetterQueue).receiver };
    },
    advance: (ms) => clock.advance(ms),
  };
}

/** A queue of which some parts are others. */
export function override(queue: Queue, changes: Partial<Queue>): Queue {
  return new Proxy(queue, {
    get(target, key) {
      const value: unknown = Reflect.get(Object.hasOwn(changes, key) ? changes : target, key);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}

/** Splits a queue into two objects that share nothing but the queue. */
export function splitEnds(queue: Queue): CarrierEnds {
  const { name, features: whole, limits } = queue;
  let closed = false;
  const sender: MessageSender = {
    name,
    limits,
    features: { ...whole, leases: false, longPolling: false, abortableReceive: false, resend: false },
    send: async (messages) => {
      if (!closed) return queue.send(messages);
      throw new QueueError('the sender is closed.', { code: 'QueueClosed', kind: 'closed', queue: name });
    },
    close: async () => void (closed = true),
  };
  const receiver: MessageReceiver = {
    name,
    limits,
    features: { ...whole, delay: false, resend: false },
    ...(queue.redrive !== undefined && { redrive: queue.redrive }),
    receive: (options) => queue.receive(options),
    acknowledge: (messages) => queue.acknowledge(messages),
    discard: (discards) => queue.discard(discards),
    release: (releases) => queue.release(releases),
    extend: (extensions) => queue.extend(extensions),
    close: () => queue.close(),
  };
  return { sender, receiver };
}
