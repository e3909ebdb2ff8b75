import type { QueueFeatures, Queue } from '#lib/queue/queue.js';
import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import { queueContract, type Carrier } from '../contract/queue-contract.js';
import { startElasticMq } from './server.js';

const features: QueueFeatures = {
  persistent: true,
  leases: true,
  ordered: false,
  attributes: true,
  delay: true,
  longPolling: true,
  body: 'text',
};

/** Where ElasticMQ differs from SQS as documented. */
const deviations = {
  'the group id of a message arrives on a standard queue': 'it refuses a group id on plain queues',
  'deleting a message twice succeeds': 'a message that is gone cannot be removed again',
  'each entry of a batch has its own outcome': 'it hides for longer than 12 hours',
};

const promises = { features, fifo: { ...features, ordered: true, delay: false }, redrive: true, deviations };

queueContract('Amazon SQS, as ElasticMQ has it', promises, async () => {
  const server = await startElasticMq();
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
