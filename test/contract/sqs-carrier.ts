import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import type { Queue, QueueFeatures } from '#lib/queue/queue.js';
import { bothEnds, type CarrierPromises } from '#lib/testing.js';
import { type StartedCarrier, runContract } from './run-contract.js';
import { sqsRules } from './sqs-rules.js';

/** An SQS on this machine, whoever wrote it. */
export interface SqsServer {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
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

const PROMISES: CarrierPromises = {
  features,
  fifo: { ...features, ordered: true, delay: false },
  redrive: true,
  reopens: true,
};

/** Runs the contract against a server, with the known deviations of the server. */
export function runSqsContract(
  name: string,
  deviations: Readonly<Record<string, string>>,
  start: () => Promise<SqsServer>,
): void {
  runContract(name, { ...PROMISES, deviations }, async () => sqsCarrier(await start()));
  sqsRules(name, async () => sqsCarrier(await start()));
}

function sqsCarrier(server: SqsServer): StartedCarrier {
  const { endpoint, region, credentials } = server;
  let count = 0;
  const open = (queue: string): Promise<Queue> => openSqsQueue({ queue, endpoint, region, credentials });
  return {
    async open({ fifo = false, maxReceiveCount }) {
      const name = `queue-${++count}${fifo ? '.fifo' : ''}`;
      if (maxReceiveCount === undefined) {
        await server.createQueue(name);
        return bothEnds(await open(name));
      }
      const deadLetterTargetArn = await server.createQueue(`dead-${name}`);
      await server.createQueue(name, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) });
      return { ...bothEnds(await open(name)), deadLetters: await open(`dead-${name}`) };
    },
    reopen: async ({ receiver }) => bothEnds(await open(receiver.name)),
    stop: () => server.stop(),
  };
}
