import type { SettledEvent, TransportEvent } from '../diagnostics/transport-event.js';
import { printable } from '../event/event-error.js';
import type { Clock } from '../queue/clock.js';

/** What this needs of Nest's `LoggerService`, whose methods return `any`. */
export type EventLogger = Record<'log' | 'warn' | 'error', (message: string) => void>;

/** A line about a failure that goes on is written at most this often. */
const REPEAT_MS = 10_000;

/** Writes what people must see into the application's log. Never bodies, arguments or receipt handles. */
export function createEventLog(logger: EventLogger, clock: Clock): (event: TransportEvent) => void {
  let lastPollLine = -Infinity;
  return (event) => {
    switch (event.type) {
      case 'emit-failed':
        return logger.error(`${printable(event.method)} was not stored by ${event.queue}: ${messageOf(event.error)}`);
      case 'poll-failed': {
        if (event.failures > 1 && clock.now() - lastPollLine < REPEAT_MS) return;
        lastPollLine = clock.now();
        return logger.error(
          `cannot receive from ${event.queue} (${event.failures} in a row): ${messageOf(event.error)}`,
        );
      }
      case 'poll-recovered':
        return logger.log(`receiving from ${event.queue} again`);
      case 'settle-failed':
        return logger.warn(`${event.queue} did not settle message ${event.messageId}: ${messageOf(event.error)}`);
      case 'lease-lost':
        return logger.warn(`lost the lease of message ${event.messageId} of ${event.queue}: it may be handled twice`);
      case 'settled':
        return logSettled(logger, event);
      case 'stored':
      case 'received':
        return;
    }
  };
}

function logSettled(logger: EventLogger, event: SettledEvent): void {
  const what = event.methods.length > 0 ? event.methods.slice(0, 3).join(', ') : 'message';
  const which = `${what} (${event.messageId}, delivery ${event.receiveCount}) of ${event.queue}`;
  if (event.outcome === 'retry') {
    logger.warn(`${which} failed and comes back in ${event.delaySeconds ?? 0} s: ${messageOf(event.error)}`);
  } else if (event.outcome === 'reject') {
    logger.error(`${which} is rejected, ${event.reason ?? 'unknown'}: ${event.detail ?? ''}`);
  }
}

/** The text of anything thrown, also of objects that do not want to be read. */
export function messageOf(error: unknown): string {
  try {
    if (error instanceof AggregateError) return error.errors.slice(0, 5).map(messageOf).join('; ');
    const message: unknown =
      typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error;
    return (typeof message === 'string' ? message : `a thrown ${typeof error}`).slice(0, 1_000);
  } catch {
    return 'an error that cannot be read';
  }
}
