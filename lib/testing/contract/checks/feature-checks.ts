import type { QueueFeatures } from '../../../queue/queue.js';
import type { CheckTable } from '../contract-run.js';
import { expectEqual } from '../expectations.js';
import type { OpenEnds } from '../open-ends.js';

/** Entries of the table that a sender reports. */
const SENDING = ['attributes', 'delay', 'body'] as const;

/** Entries of the table that a receiver reports. */
const RECEIVING = [
  'persistent',
  'leases',
  'ordered',
  'attributes',
  'longPolling',
  'abortableReceive',
  'resend',
  'body',
] as const;

/** Checks that both ends report the table that the suite proves. */
export const featureChecks: CheckTable = {
  'both ends report the features that the carrier promises': async (run) => {
    expectFeatures(await run.open(), run.promises.features);
  },
};

/** Checks the same for FIFO queues. */
export const fifoFeatureChecks: CheckTable = {
  'both ends of a FIFO queue report the features that the carrier promises': async (run) => {
    expectFeatures(await run.open({ fifo: true }), run.promises.fifo!);
  },
};

function expectFeatures({ sender, receiver }: OpenEnds, promised: QueueFeatures): void {
  for (const [end, { features }, names] of [
    ['sender', sender, SENDING],
    ['receiver', receiver, RECEIVING],
  ] as const) {
    const pick = (table: QueueFeatures): unknown => Object.fromEntries(names.map((name) => [name, table[name]]));
    expectEqual(pick(features), pick(promised), `the ${end} to report the promised features`);
  }
}
