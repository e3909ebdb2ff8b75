import type { QueueFeatures } from '../../lib/queue/queue.js';
import { createMemoryQueue, VirtualClock } from '../../lib/testing/index.js';
import { queueContract, type Carrier } from './queue-contract.js';

const features: QueueFeatures = {
  persistent: false,
  leases: true,
  ordered: false,
  attributes: true,
  delay: true,
  longPolling: true,
  body: 'text',
};

queueContract(
  'the queue in memory',
  { features, fifo: { ...features, ordered: true, delay: false }, redrive: true },
  async () => {
    const clock = new VirtualClock();
    const carrier: Carrier = {
      open: async ({ fifo = false, maxReceiveCount } = {}) => {
        const deadLetterQueue = createMemoryQueue({ name: 'dead', clock, fifo });
        const redrive = maxReceiveCount === undefined ? {} : { redrive: { maxReceiveCount, deadLetterQueue } };
        return { queue: createMemoryQueue({ clock, fifo, ...redrive }), deadLetterQueue };
      },
      settle: async (promise) => {
        let settled = false;
        const done = (): void => void (settled = true);
        promise.then(done, done);
        while (!settled && clock.pending > 0) await clock.advance(50);
        return promise;
      },
      stop: async () => undefined,
    };
    return carrier;
  },
);
