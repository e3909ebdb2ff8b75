import { IdempotencyStoreError } from '../consume/middleware/idempotency.js';
import { messageOf } from '../diagnostics/error-text.js';
import type { TransportEvent } from '../diagnostics/transport-event.js';
import type { Clock } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import { because, classOf, type EventLogger, type LogLine } from './log-line.js';
import { RepeatedLines } from './repeated-lines.js';
import { settledLine } from './settled-line.js';

/**
 * Period in ms in which the error `over-limit` is logged once. SQS returns this error while
 * handlers are busy, and only waiting helps.
 */
const OVER_LIMIT_EVERY_MS = 60_000;
const MINUTE_MS = 60_000;
/** Lines in ten seconds about calls that do not end. Each of them names another message. */
const SLOW_CALLS = 100;
/** Lines in ten seconds about lost leases. */
const LOST_LEASES = 10;

/** Formats the log line of an event. Undefined if there is nothing that people must see. */
type Formatter<Event> = (event: Event) => LogLine | undefined;

/** The formatter of each event type. A type with `undefined` is never logged. */
const FORMATTERS: {
  readonly [Type in TransportEvent['type']]: Formatter<Extract<TransportEvent, { type: Type }>> | undefined;
} = {
  stored: undefined,
  received: undefined,
  delivered: undefined,
  handled: undefined,
  request: undefined,
  duplicate: undefined,
  'emit-failed': (event) => {
    const method = messageOf(event.method.slice(0, 128));
    const text = (): string => `${method} was not stored by ${event.queue}: ${messageOf(event.error)}`;
    return { level: 'error', kind: kindOf(event, method), text };
  },
  'attributes-left-out': (event) => {
    const { queue, method, names } = event;
    const text = (): string =>
      `${method} goes to ${queue} without the attributes ${names.map(messageOf).join(', ')}: the queue takes no more; send fewer`;
    return { level: 'warn', kind: [event.type, queue, method].join(' '), text };
  },
  'size-limit-learned': ({ type, queue, of, refusedBytes, maxBytes }) => ({
    level: 'warn',
    kind: [type, queue, of].join(' '),
    text: () =>
      `${queue} refused a ${of} of ${refusedBytes} bytes as too large: this client sends at most ${maxBytes} bytes in a ${of} from now on; ` +
      'raise the limit of the server or of proxies if more should be possible',
  }),
  'send-failed': (event) => failureLine(event, 'send to', { begins: `send ${event.queue}` }),
  'send-recovered': ({ queue }) => ({
    level: 'log',
    text: () => `sending to ${queue} again`,
    outage: { ends: `send ${queue}` },
  }),
  'poll-failed': (event) => failureLine(event, 'receive from', { begins: 'poll' }),
  'poll-recovered': ({ queue }) => ({
    level: 'log',
    text: () => `receiving from ${queue} again`,
    outage: { ends: 'poll' },
  }),
  settled: (event) => (event.error instanceof IdempotencyStoreError ? unhandledLine(event) : settledLine(event)),
  'settle-failed': (event) => ({
    level: 'warn',
    kind: kindOf(event, event.outcome),
    text: () =>
      `${event.queue} did not settle message ${event.messageId} (${event.outcome}${because(event.cause)}): ${messageOf(event.error)}`,
  }),
  'renew-failed': (event) => ({
    level: 'warn',
    kind: kindOf(event),
    text: () => `cannot renew the lease of message ${event.messageId} of ${event.queue}: ${messageOf(event.error)}`,
  }),
  'lease-lost': ({ type, messageId, queue }) => ({
    level: 'warn',
    kind: `${type} ${queue}`,
    often: { several: LOST_LEASES },
    text: () => `lost the lease of message ${messageId} of ${queue}: the message may be handled twice`,
  }),
  'loop-delay': ({ type, queue, delayMs }) => ({
    level: 'warn',
    kind: type,
    text: () =>
      `the event loop was blocked: the worker should have renewed leases of ${queue} ${Math.round(delayMs)} ms ago, so messages may be ` +
      'handled twice; move long computations out of the event loop',
  }),
  stalled: ({ type, queue, forMs }) => ({
    level: 'warn',
    kind: type,
    text: () =>
      `nothing is received from ${queue}: handlers have held all slots for ${Math.round(forMs / MINUTE_MS)} minutes; ` +
      'set handlerTimeoutMs if handlers may hang, or raise concurrency if they are slow',
  }),
  'slow-call': ({ type, queue, method, messageId, forMs }) => ({
    level: 'warn',
    kind: `${type} ${queue}`,
    often: { several: SLOW_CALLS },
    text: () =>
      `${messageOf(method.slice(0, 128))} (${messageId}) of ${queue} has run for ${Math.round(forMs / 1000)} s and has not ended; ` +
      'set handlerTimeoutMs if it may hang, or raise slowCallMs if it may take that long',
  }),
  'idempotency-failed': (event) => ({
    level: 'warn',
    kind: kindOf(event, event.verb),
    text: () => `event ${event.eventId} of ${event.queue} may be handled again, or late: ${messageOf(event.error)}`,
  }),
};

/**
 * Writes events that people must see to the application's log. Never logs bodies, arguments or
 * receipt handles.
 */
export function createEventLog(logger: EventLogger, clock: Clock): (event: TransportEvent) => void {
  // A sender decides how many messages fail, and must not crowd out what concerns the worker itself.
  const ofMessages = new RepeatedLines(clock);
  const ofWorker = new RepeatedLines(clock);
  const outages = new LoggedOutages();
  return (event) => {
    const line = FORMATTERS[event.type]?.(event as never);
    if (line === undefined) return;
    if (line.outage && !outages.fits(line.outage)) return;
    const repeated = event.type === 'settled' ? ofMessages : ofWorker;
    const text = line.kind === undefined ? line.text() : repeated.pass(line.kind, line.text, line.often);
    if (text === undefined) return;
    if (line.outage) outages.note(line.outage);
    write(logger, line, text);
  };
}

function write(logger: EventLogger, { level, stack: stackOf }: LogLine, text: string): void {
  const stack = stackOf?.();
  if (stack) logger.error(text, stack);
  else logger[level](text);
}

type OutageEdge = NonNullable<LogLine['outage']>;

/** Pairs the lines of failures and recoveries. */
class LoggedOutages {
  private readonly open = new Set<string>();

  /** False for the recovery of a failure that was left out. The line would belong to no failure. */
  fits({ ends }: OutageEdge): boolean {
    return ends === undefined || this.open.delete(ends);
  }

  /** Notes a line that was written. */
  note({ begins }: OutageEdge): void {
    if (begins !== undefined) this.open.add(begins);
  }
}

type RequestFailure = Extract<TransportEvent, { type: 'send-failed' | 'poll-failed' }>;

/** Formats the line of a failed request, with the number of failures in a row. */
function failureLine(event: RequestFailure, verb: string, outage: OutageEdge): LogLine {
  const text = (): string => `cannot ${verb} ${event.queue} (${event.failures} in a row): ${messageOf(event.error)}`;
  const overLimit = event.error instanceof QueueError && event.error.kind === 'over-limit';
  const often = overLimit && { often: { everyMs: OVER_LIMIT_EVERY_MS } };
  return { level: 'error', kind: kindOf(event), text, outage, ...often };
}

/** Formats the line of a delivery that no handler saw, because the idempotency store failed. */
function unhandledLine(event: TransportEvent & { readonly error?: unknown }): LogLine {
  const text = (): string => `events of ${event.queue} are not handled: ${messageOf(event.error)}`;
  return { level: 'warn', kind: kindOf(event), text };
}

/** Returns the kind of an event. Events of one kind report the same problem. */
function kindOf({ type, queue, error }: TransportEvent & { readonly error?: unknown }, more = ''): string {
  return [type, queue, more, classOf(error)].join(' ');
}
