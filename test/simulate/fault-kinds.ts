import { REQUEST_FAULTS } from './plan.js';

/** Names every fault that a simulation counts, as the journal names it. */
export const FAULT_KINDS: readonly string[] = [
  ...REQUEST_FAULTS,
  'outage: silent',
  'outage: broken connection',
  'outage: service error',
  'pause',
  'crash of a client',
  'crash of a worker',
  'stop of a client',
  'stop of a worker',
  'restart',
  'slow handler',
  'failing handler',
  'endless handler',
  'undecodable message',
  'duplicate delivery',
  'reordering',
  'delay',
  'deduplication',
  'in-flight limit',
  'failing store',
  'late store',
];
