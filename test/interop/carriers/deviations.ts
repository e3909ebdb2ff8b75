import type { Deviation } from '../matrix/deviation.js';
import { DEVIATIONS } from '../matrix/deviations.js';
import { isUnframed, type CarrierCell } from './cells.js';

/** Deviations that only SQS brings about. */
const OF_SQS = new Set(['python-json-controls']);

const DOUBLES = DEVIATIONS.find(({ id }) => id === 'python-json-doubles')!;

/** The deviations of the runtimes over carriers that take any bytes. */
export const CARRIER_DEVIATIONS: readonly Deviation[] = [
  ...DEVIATIONS.filter(({ id }) => !OF_SQS.has(id)).map((deviation): Deviation =>
    deviation === DOUBLES
      ? { ...deviation, applies: (cell, call) => !isUnframed(cell as CarrierCell) && deviation.applies(cell, call) }
      : deviation,
  ),
  {
    id: 'python-json-doubles-unframed',
    why: 'in a stream without frames nobody can find the end of such JSON, so the server closes the connection',
    applies: (cell, call) => isUnframed(cell as CarrierCell) && DOUBLES.applies(cell, call),
    unsent: true,
  },
];
