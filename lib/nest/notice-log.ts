import type { Clock } from '../queue/clock.js';
import type { EventLogger } from './log-line.js';
import { RepeatedLines } from './repeated-lines.js';

/** What a carrier reports for people. Notices of one kind report the same problem. */
export interface Notice {
  readonly level: 'warn' | 'error';
  readonly kind: string;
  readonly text: string;
}

/** Lines of one kind in ten seconds. Ten peers that do the same wrong suffice to find them all. */
const SEVERAL = 10;

/** Writes the notices of a carrier to the log of the application, ten of a kind in ten seconds. */
export function createNoticeLog(logger: EventLogger, clock: Clock): (notice: Notice) => void {
  const lines = new RepeatedLines(clock);
  return ({ level, kind, text }) => {
    const line = lines.pass(kind, text, { several: SEVERAL });
    if (line !== undefined) logger[level](line);
  };
}
