import type { Queue } from '../../lib/queue/queue.js';
import { bothEnds, type CarrierPromises } from '../../lib/testing.js';
import { MEMORY_PROMISES, memoryCarrier, override, splitEnds } from './memory-carrier.js';
import { runContract } from './run-contract.js';
import { sqsRules } from './sqs-rules.js';

const { features, fifo } = MEMORY_PROMISES;

runContract('the queue in memory', MEMORY_PROMISES, () => memoryCarrier());

runContract('an end of the queue in memory', MEMORY_PROMISES, () => memoryCarrier((queue) => bothEnds(queue.open())));

sqsRules('the queue in memory', () => memoryCarrier());

/** A queue whose ends are two objects cannot send again. */
const split: CarrierPromises = {
  ...MEMORY_PROMISES,
  features: { ...features, resend: false },
  fifo: { ...fifo, resend: false },
};

runContract('the queue in memory, split into two ends', split, () => memoryCarrier(splitEnds));

const impatient = { longPolling: false, abortableReceive: false };

/** A queue whose receives return at once. */
function withoutLongPolls(queue: Queue): Queue {
  return override(queue, {
    features: { ...queue.features, ...impatient },
    receive: (options) => queue.receive({ ...options, waitSeconds: 0 }),
  });
}

runContract(
  'the queue in memory, without long polls',
  { redrive: true, features: { ...features, ...impatient }, fifo: { ...fifo, ...impatient } },
  () => memoryCarrier((queue) => bothEnds(withoutLongPolls(queue))),
);
