import type { CarrierNoticeSink } from '../queue/carrier-notice.js';
import type { Clock } from '../queue/clock.js';
import type { EventLogger } from './log-line.js';
import { RepeatedLines } from './repeated-lines.js';

/** Lines of one kind in ten seconds. Ten peers that do the same wrong suffice to find them all. */
const SEVERAL = 10;

/** Writes the notices of a carrier to the log of the application, ten of a kind in ten seconds. */
export function createNoticeLog(logger: EventLogger, clock: Clock): CarrierNoticeSink {
  const lines = new RepeatedLines(clock);
  return ({ level, kind, text }) => {
    const line = lines.pass(kind, () => text, { several: SEVERAL });
    if (line !== undefined) logger[level](line);
  };
}
