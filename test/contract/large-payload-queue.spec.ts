import { resolveLargePayloads } from '../../lib/carriers/sqs/extended/large-payload-options.js';
import { LargePayloadQueue } from '../../lib/carriers/sqs/extended/large-payload-queue.js';
import { bothEnds, type CarrierUnderTest } from '../../lib/testing.js';
import { MemoryStore } from '../carriers/sqs/extended/harness.js';
import { MEMORY_PROMISES, memoryCarrier } from './memory-carrier.js';
import { runContract } from './run-contract.js';

/** Queues in memory whose bodies above the threshold are in one store. */
function largePayloads(threshold: number): CarrierUnderTest {
  const store = new MemoryStore();
  return memoryCarrier((queue) => {
    const options = resolveLargePayloads(queue.name, { bucket: 'own', threshold });
    return bothEnds(new LargePayloadQueue(queue, store, options));
  });
}

runContract('a queue whose bodies are all in a store', MEMORY_PROMISES, () => largePayloads(0));

// The long bodies of the contract are above, all others below.
const some = {
  ...MEMORY_PROMISES,
  deviations: {
    'the queue refuses more attributes than the limit': 'a body below the threshold leaves the slot of the marker free',
  },
};
runContract('a queue whose large bodies are in a store', some, () => largePayloads(1_000));
