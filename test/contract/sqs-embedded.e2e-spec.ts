import type { QueueFeatures, Queue } from '../../lib/queue/queue.js';
import { openSqsQueue } from '../../lib/carriers/sqs/open-sqs-queue.js';
import { startEmbeddedSqs } from '../../lib/testing/index.js';
import { queueContract, type Carrier } from './queue-contract.js';

const features: QueueFeatures = {
  persistent: true,
  leases: true,
  ordered: false,
  attributes: true,
  delay: true,
  longPolling: true,
  body: 'text',
};

/** Where fauxqs differs from SQS as documented. */
const deviations = {
  'a body beyond the basic plane arrives as it was sent': 'it refuses characters above U+FFFF',
  'the group id of a message arrives on a standard queue': 'it drops the group id on plain queues',
  'the queue refuses more attributes than the limit': 'it takes any number of attributes',
  'one receive brings several messages of a group': 'it hands out one message of a group at a time',
  'a receive returns a message group up to its first hidden message': 'it hands out one message of a group at a time',
};

const promises = { features, fifo: { ...features, ordered: true, delay: false }, redrive: true, deviations };

queueContract('Amazon SQS, embedded', promises, async () => {
  const server = await startEmbeddedSqs();
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
      const dead = await server.createQueue(`dead-${name}`);
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount });
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
