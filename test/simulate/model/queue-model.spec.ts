import type { ContractOpenOptions } from '#lib/testing/contract/carrier-under-test.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { MEMORY_PROMISES } from '../../contract/memory-carrier.js';
import { runContract } from '../../contract/run-contract.js';
import { sqsRules } from '../../contract/sqs-rules.js';
import { Journal } from '../journal.js';
import type { QueuePlan } from '../plan.js';
import { Dice } from '../random.js';
import { ModelServer } from './model-end.js';
import { QueueModel, type QueueModelParts } from './queue-model.js';

const plan: QueuePlan = {
  fifo: false,
  contentBasedDeduplication: false,
  delaySeconds: 0,
  inFlight: 120_000,
  staleReceipts: 'refused',
  reorder: false,
  duplicates: 0,
  abortable: true,
};

type Carrier = ReturnType<Parameters<typeof runContract>[2]>;

/** Opens queues of the model, each with its dead-letter queue. */
function servers(
  { fifo = false, maxReceiveCount }: ContractOpenOptions,
  parts: Pick<QueueModelParts, 'scheduler' | 'journal'>,
  change: Partial<QueuePlan> = {},
): { readonly queue: ModelServer; readonly dead: ModelServer } {
  const dice = new Dice(1);
  const common = { ...plan, ...change, fifo };
  const dead = new QueueModel({ ...parts, dice, name: 'dead', plan: common });
  const queuePlan = { ...common, ...(maxReceiveCount !== undefined && { maxReceiveCount }) };
  const queue = new QueueModel({ ...parts, dice, name: 'main', plan: queuePlan, deadLetters: dead });
  return { queue: new ModelServer(queue), dead: new ModelServer(dead) };
}

function modelCarrier(change: Partial<QueuePlan> = {}): Carrier {
  const scheduler = new VirtualClock();
  const journal = new Journal(scheduler);
  return {
    async open(options) {
      const { queue, dead } = servers(options, { scheduler, journal }, change);
      const end = queue.open('the check');
      return { sender: end, receiver: end, deadLetters: dead.open('the check') };
    },
    advance: (ms) => scheduler.advance(ms),
  };
}

runContract('the queue of the simulation', MEMORY_PROMISES, () => modelCarrier());

runContract('the queue of the simulation, which ignores old receipts', MEMORY_PROMISES, () =>
  modelCarrier({ staleReceipts: 'ignored' }),
);

sqsRules('the queue of the simulation', () => modelCarrier());
