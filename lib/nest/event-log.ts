import { RpcException } from '@nestjs/microservices';
import { LeaseLostError } from '../consume/delivery.js';
import { EventInProgressError, IdempotencyStoreError } from '../consume/middleware/idempotency.js';
import type { SettledEvent, TransportEvent } from '../diagnostics/transport-event.js';
import { PublishError } from '../publish/publish-error.js';
import type { Clock } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import { messageOf, stackOf } from '../diagnostics/error-text.js';
import { RepeatedLines, type Often } from './repeated-lines.js';

/** What this needs of Nest's `LoggerService`, whose methods return `any`. */
export interface EventLogger {
  log(message: string): void;
  warn(message: string): void;
  error(message: string, stack?: string): void;
}

/** SQS says so for as long as handlers are busy, and there is nothing to do but wait. */
const OVER_LIMIT_EVERY_MS = 60_000;
const MINUTE_MS = 60_000;

/** Writes what people must see into the application's log. Never bodies, arguments or receipt handles. */
export function createEventLog(logger: EventLogger, clock: Clock): (event: TransportEvent) => void {
  const lines = new RepeatedLines(clock);
  const error = (kind: string, line: string, often?: Often): void => {
    const passed = lines.pass(kind, line, often);
    if (passed !== undefined) logger.error(passed);
  };
  const warn = (kind: string, line: string): void => {
    const passed = lines.pass(kind, line);
    if (passed !== undefined) logger.warn(passed);
  };
  return (event) => {
    switch (event.type) {
      case 'emit-failed': {
        const method = messageOf(event.method.slice(0, 128));
        const line = `${method} was not stored by ${event.queue}: ${messageOf(event.error)}`;
        return error(kindOf(event, method), line);
      }
      case 'poll-failed': {
        const line = `cannot receive from ${event.queue} (${event.failures} in a row): ${messageOf(event.error)}`;
        const overLimit = event.error instanceof QueueError && event.error.kind === 'over-limit';
        return error(kindOf(event), line, overLimit ? { everyMs: OVER_LIMIT_EVERY_MS } : undefined);
      }
      case 'poll-recovered':
        return logger.log(`receiving from ${event.queue} again`);
      case 'renew-failed':
        return warn(
          kindOf(event),
          `cannot renew the lease of message ${event.messageId} of ${event.queue}: ${messageOf(event.error)}`,
        );
      case 'settle-failed':
        return warn(
          kindOf(event, event.outcome),
          `${event.queue} did not settle message ${event.messageId} (${event.outcome}${because(event.cause)}): ${messageOf(event.error)}`,
        );
      case 'lease-lost':
        return logger.warn(`lost the lease of message ${event.messageId} of ${event.queue}: it may be handled twice`);
      case 'loop-delay':
        return warn(
          event.type,
          `the event loop was blocked: leases of ${event.queue} were to be renewed ${Math.round(event.delayMs)} ms ago; messages may be handled twice`,
        );
      case 'stalled':
        return warn(
          event.type,
          `nothing is received from ${event.queue}: handlers have had all places for ${Math.round(event.forMs / MINUTE_MS)} minutes; ` +
            'set handlerTimeoutMs if they may hang, or raise concurrency if they take so long',
        );
      case 'idempotency-failed':
        return warn(
          kindOf(event, event.verb),
          `event ${event.eventId} of ${event.queue} may be handled again, or late: ${messageOf(event.error)}`,
        );
      case 'settled': {
        const { error: cause } = event;
        if (!(cause instanceof IdempotencyStoreError)) return logSettled(logger, lines, event);
        return warn(
          kindOf({ ...event, error: cause }),
          `events of ${event.queue} are not handled: ${messageOf(cause)}`,
        );
      }
      case 'stored':
      case 'received':
      case 'duplicate':
        return;
    }
  };
}

/** Lines of one kind are about the same trouble. */
function kindOf(event: TransportEvent & { readonly error: unknown }, more = ''): string {
  const code = event.error instanceof QueueError || event.error instanceof PublishError ? event.error.code : '';
  return [event.type, event.queue, more, code || messageOf(event.error)].join(' ');
}

/** What became of a rejected message. */
const FATES = {
  kept: ({ delaySeconds = 0 }: SettledEvent) =>
    `it comes back in ${delaySeconds} s, for the redrive policy of the queue to move`,
  'dead-lettered': () => 'it is in the dead-letter queue',
  parked: ({ delaySeconds = 0 }: SettledEvent) =>
    `it has been in the dead-letter queue maxDeadLetters times, so it stays, and comes back in ${delaySeconds} s; remove it, or mend its handler`,
  removed: () => 'it was REMOVED, as poisonPolicy: "drop" asks',
};

/** Messages that end alike are told of so often in ten seconds: enough for whoever looks for one, and too few to fill a disk. */
const SEVERAL = 10;

function logSettled(logger: EventLogger, lines: RepeatedLines, event: SettledEvent): void {
  const line = settledLine(event);
  if (line === undefined) return;
  // Not by what the error says, which may be of the sender's making and another one each time.
  const { type, queue, outcome, reason = '', fate = '', methods, error } = event;
  const kind = [type, queue, outcome, reason, fate, methods[0] ?? '', classOf(error)].join(' ');
  const passed = lines.pass(kind, line, { several: SEVERAL });
  if (passed === undefined) return;
  // What Nest's own filter let through as it was has been logged by nobody yet.
  const expected = outcome !== 'retry' || error instanceof RpcException || error instanceof EventInProgressError;
  const stack = expected ? undefined : stackOf(error);
  if (stack) logger.error(passed, stack);
  else if (outcome === 'reject') logger.error(passed);
  else logger.warn(passed);
}

/** What is to be told of a delivery that ended, if anything. */
function settledLine(event: SettledEvent): string | undefined {
  const { error, methods, queue, messageId } = event;
  const what = methods.length > 0 ? methods.slice(0, 3).join(', ') : 'message';
  const which = `${what} (${messageId}, delivery ${event.receiveCount}) of ${queue}`;
  switch (event.outcome) {
    case 'retry':
      return `${which} failed and comes back in ${event.delaySeconds ?? 0} s${because(error)}`;
    case 'split': {
      const calls = `${event.resent ?? 0} of ${methods.length} calls of message ${messageId} of ${queue}`;
      return `${calls} failed and were sent again, each by itself${because(error)}`;
    }
    case 'reject': {
      const why = `${event.reason ?? 'unknown'}: ${messageOf(event.detail ?? '')}`;
      return `${which} is rejected, ${why}; ${FATES[event.fate ?? 'kept'](event)}`;
    }
    case 'abandon':
      // That its lease is lost has been told; a handler that ended by that has nothing to add.
      if (error === undefined || error instanceof LeaseLostError) return undefined;
      return `${which} failed after its lease was lost${because(error)}`;
    case 'ack':
    case 'released':
      return undefined;
  }
}

function classOf(error: unknown): string {
  try {
    return error instanceof Error ? error.constructor.name : typeof error;
  } catch {
    return '';
  }
}

function because(error: unknown): string {
  return error === undefined ? '' : `: ${messageOf(error)}`;
}
