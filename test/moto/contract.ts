import type { Features, Queue } from '../../lib/queue/queue.js';
import { openSqsQueue } from '../../lib/sqs/open-sqs-queue.js';
import { queueContract, type Carrier } from '../contract/queue-contract.js';
import { startMoto } from './server.js';

const features: Features = {
  persistent: true,
  leases: true,
  ordered: false,
  attributes: true,
  delay: true,
  longPolling: true,
  body: 'text',
};

/** Where moto differs from SQS as documented. */
const deviations = {
  'more attributes than the limit are refused': 'it takes any number of attributes',
  'removing twice is harmless': 'one receipt handle twice in a batch is refused as ids that are not distinct',
  'the receipt of an earlier delivery has no power over a later one':
    'a receipt handle that was refused takes the power of the later one with it',
  'a group is handed out up to its first hidden message':
    'a group is locked as long as any of its messages is in flight',
  'the same deduplication id is stored once and answered with the same id': 'a duplicate is answered with another id',
  'a message without a group or with a delay fails alone': 'it refuses the whole batch',
};

const promises = { features, fifo: { ...features, ordered: true, delay: false }, redrive: true, deviations };

queueContract('Amazon SQS, as moto has it', promises, async () => {
  const server = await startMoto();
  const { endpoint, region, credentials } = server;
  const opened: Queue[] = [];
  let count = 0;
  const open = async (name: string, attributes?: Record<string, string>): Promise<Queue> => {
    await server.createQueue(name, attributes);
    const queue = await openSqsQueue({ queue: name, endpoint, region, credentials });
    opened.push(queue);
    return queue;
  };
  const carrier: Carrier = {
    open: async ({ fifo = false, maxReceiveCount } = {}) => {
      const name = `queue-${++count}${fifo ? '.fifo' : ''}`;
      if (maxReceiveCount === undefined) return { queue: await open(name) };
      const deadLetterTargetArn = await server.createQueue(`dead-${name}`);
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
      return { queue: await open(name, { RedrivePolicy }), deadLetterQueue: await open(`dead-${name}`) };
    },
    settle: (promise) => promise,
    stop: async () => {
      await Promise.all(opened.map((queue) => queue.close()));
      await server.stop();
    },
  };
  return carrier;
});
