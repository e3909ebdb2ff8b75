import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import type { SqsQueueOptions } from '#lib/carriers/sqs/sqs-queue-options.js';
import type { Queue, QueueFeatures } from '#lib/queue/queue.js';
import { bothEnds, type CarrierPromises } from '#lib/testing.js';
import type { StartedCarrier } from './run-contract.js';

/** An SQS, whoever wrote it. */
export interface SqsServer extends Pick<SqsQueueOptions, 'endpoint' | 'region' | 'credentials' | 'dataPath'> {
  /** Begins the names of all queues. Default `queue-`. */
  readonly prefix?: string;
  /** Creates a queue, FIFO if its name ends in `.fifo`, and returns its ARN. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

const features: QueueFeatures = {
  persistent: true,
  leases: true,
  ordered: false,
  attributes: true,
  delay: true,
  longPolling: true,
  abortableReceive: false,
  resend: true,
  body: 'text',
};

/** Promises of SQS, over both data paths. */
export const SQS_PROMISES: CarrierPromises = {
  features,
  fifo: { ...features, ordered: true, delay: false },
  redrive: true,
  reopens: true,
};

/** Opens a new queue of the server for each check. */
export function sqsCarrier(server: SqsServer): StartedCarrier {
  const { endpoint, region, credentials, dataPath, prefix = 'queue-' } = server;
  let count = 0;
  const open = (queue: string): Promise<Queue> => openSqsQueue({ queue, endpoint, region, credentials, dataPath });
  return {
    async open({ fifo = false, maxReceiveCount }) {
      const [name, end] = [`${prefix}${++count}`, fifo ? '.fifo' : ''];
      if (maxReceiveCount === undefined) {
        await server.createQueue(name + end);
        return bothEnds(await open(name + end));
      }
      const dead = `${name}-dead${end}`;
      const deadLetterTargetArn = await server.createQueue(dead);
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
      await server.createQueue(name + end, { RedrivePolicy });
      return { ...bothEnds(await open(name + end)), deadLetters: await open(dead) };
    },
    reopen: async ({ receiver }) => bothEnds(await open(receiver.name)),
    stop: () => server.stop(),
  };
}
