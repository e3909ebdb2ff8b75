import { RpcException } from '@nestjs/microservices';
import { LeaseLostError } from '../consume/delivery.js';
import { EventInProgressError, IdempotencyStoreError } from '../consume/middleware/idempotency.js';
import type { SettledEvent, TransportEvent } from '../diagnostics/transport-event.js';
import { PublishError } from '../publish/publish-error.js';
import type { Clock } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import { messageOf, stackOf } from '../diagnostics/error-text.js';
import { RepeatedLines, type Often } from './repeated-lines.js';

/** Lists the methods needed of Nest's `LoggerService`, whose own methods return `any`. */
export interface EventLogger {
  log(message: string): void;
  warn(message: string): void;
  error(message: string, stack?: string): void;
}

/**
 * Limits the log line about the error `over-limit` to one a minute. SQS returns this error while
 * handlers are busy, and only waiting helps.
 */
const OVER_LIMIT_EVERY_MS = 60_000;
const MINUTE_MS = 60_000;

/**
 * Describes a log line. Lines of one kind report the same problem, so only a few of them are
 * written. A line without a kind is always written.
 */
interface LogLine {
  readonly level: keyof EventLogger;
  readonly text: string;
  readonly kind?: string;
  readonly often?: Often;
  /** Returns the stack, if there is one. A line with a stack is logged as an error. */
  readonly stack?: () => string | undefined;
}

/** Makes the line of each event that people must see. */
type Lines = {
  readonly [Type in TransportEvent['type']]?: (event: Extract<TransportEvent, { type: Type }>) => LogLine | undefined;
};

const LINES: Lines = {
  'emit-failed': (event) => {
    const method = messageOf(event.method.slice(0, 128));
    const text = `${method} was not stored by ${event.queue}: ${messageOf(event.error)}`;
    return { level: 'error', kind: kindOf(event, method), text };
  },
  'poll-failed': (event) => {
    const text = `cannot receive from ${event.queue} (${event.failures} in a row): ${messageOf(event.error)}`;
    const overLimit = event.error instanceof QueueError && event.error.kind === 'over-limit';
    return { level: 'error', kind: kindOf(event), text, ...(overLimit && { often: { everyMs: OVER_LIMIT_EVERY_MS } }) };
  },
  'poll-recovered': (event) => ({ level: 'log', text: `receiving from ${event.queue} again` }),
  'renew-failed': (event) => ({
    level: 'warn',
    kind: kindOf(event),
    text: `cannot renew the lease of message ${event.messageId} of ${event.queue}: ${messageOf(event.error)}`,
  }),
  'settle-failed': (event) => ({
    level: 'warn',
    kind: kindOf(event, event.outcome),
    text: `${event.queue} did not settle message ${event.messageId} (${event.outcome}${because(event.cause)}): ${messageOf(event.error)}`,
  }),
  'lease-lost': (event) => ({
    level: 'warn',
    text: `lost the lease of message ${event.messageId} of ${event.queue}: it may be handled twice`,
  }),
  'loop-delay': (event) => ({
    level: 'warn',
    kind: event.type,
    text: `the event loop was blocked: leases of ${event.queue} were to be renewed ${Math.round(event.delayMs)} ms ago; messages may be handled twice`,
  }),
  stalled: (event) => ({
    level: 'warn',
    kind: event.type,
    text:
      `nothing is received from ${event.queue}: handlers have taken all slots for ${Math.round(event.forMs / MINUTE_MS)} minutes; ` +
      'set handlerTimeoutMs if they may hang, or raise concurrency if they take so long',
  }),
  'idempotency-failed': (event) => ({
    level: 'warn',
    kind: kindOf(event, event.verb),
    text: `event ${event.eventId} of ${event.queue} may be handled again, or late: ${messageOf(event.error)}`,
  }),
  settled: (event) => {
    const { error } = event;
    if (!(error instanceof IdempotencyStoreError)) return settledLine(event);
    return {
      level: 'warn',
      kind: kindOf({ ...event, error }),
      text: `events of ${event.queue} are not handled: ${messageOf(error)}`,
    };
  },
};

/**
 * Writes events that people must see to the application's log. Never logs bodies, arguments or
 * receipt handles.
 */
export function createEventLog(logger: EventLogger, clock: Clock): (event: TransportEvent) => void {
  const repeated = new RepeatedLines(clock);
  return (event) => {
    const line = Object.hasOwn(LINES, event.type) ? LINES[event.type]?.(event as never) : undefined;
    if (line === undefined) return;
    const text = line.kind === undefined ? line.text : repeated.pass(line.kind, line.text, line.often);
    if (text === undefined) return;
    const stack = line.stack?.();
    if (stack) logger.error(text, stack);
    else logger[line.level](text);
  };
}

/** Returns the kind of an event. Events of one kind report the same problem. */
function kindOf(event: TransportEvent & { readonly error: unknown }, more = ''): string {
  const code = event.error instanceof QueueError || event.error instanceof PublishError ? event.error.code : '';
  return [event.type, event.queue, more, code || messageOf(event.error)].join(' ');
}

/** Describes the fate of a rejected message. */
const FATES = {
  kept: ({ delaySeconds = 0 }: SettledEvent) =>
    `it comes back in ${delaySeconds} s, for the redrive policy of the queue to move`,
  'dead-lettered': () => 'it is in the dead-letter queue',
  parked: ({ delaySeconds = 0 }: SettledEvent) =>
    `it has been in the dead-letter queue maxDeadLetters times, so it stays, and comes back in ${delaySeconds} s; remove it, or fix its handler`,
  removed: () => 'it was REMOVED, as poisonPolicy: "drop" asks',
};

/**
 * Limits the lines per ten seconds about messages that end in the same way. Ten lines suffice to
 * find one of these messages, and are too few to fill a disk.
 */
const SEVERAL = 10;

/** Makes the log line of a delivery, or undefined if the delivery ended well. */
function settledLine(event: SettledEvent): LogLine | undefined {
  const text = SETTLED[event.outcome]?.(event);
  if (text === undefined) return undefined;
  // Ignores the text of the error, since a sender may control it and change it each time.
  const { type, queue, outcome, reason = '', fate = '', methods, error } = event;
  const kind = [type, queue, outcome, reason, fate, methods[0] ?? '', classOf(error)].join(' ');
  // An error that arrives unchanged has not been logged by Nest's own filter, so its stack is
  // logged.
  const expected = outcome !== 'retry' || error instanceof RpcException || error instanceof EventInProgressError;
  const level = outcome === 'reject' ? 'error' : 'warn';
  return { level, text, kind, often: { several: SEVERAL }, ...(!expected && { stack: () => stackOf(error) }) };
}

/** Makes the text for each outcome that people must see. */
const SETTLED: Partial<Record<SettledEvent['outcome'], (event: SettledEvent) => string | undefined>> = {
  retry: (event) => `${which(event)} failed and comes back in ${event.delaySeconds ?? 0} s${because(event.error)}`,
  split({ resent = 0, methods, messageId, queue, error }) {
    const calls = `${resent} of ${methods.length} calls of message ${messageId} of ${queue}`;
    return `${calls} failed and were sent again, each by itself${because(error)}`;
  },
  reject(event) {
    const why = `${event.reason ?? 'unknown'}: ${messageOf(event.detail ?? '')}`;
    return `${which(event)} is rejected, ${why}; ${FATES[event.fate ?? 'kept'](event)}`;
  },
  abandon(event) {
    const { error } = event;
    // The lost lease has its own line. A handler that ended because of the lost lease has nothing
    // to add.
    if (error === undefined || error instanceof LeaseLostError) return undefined;
    return `${which(event)} failed after its lease was lost${because(error)}`;
  },
};

function which({ methods, messageId, receiveCount, queue }: SettledEvent): string {
  const what = methods.length > 0 ? methods.slice(0, 3).join(', ') : 'message';
  return `${what} (${messageId}, delivery ${receiveCount}) of ${queue}`;
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
