import { RpcException } from '@nestjs/microservices';
import { LeaseLostError } from '../consume/delivery.js';
import { ThriftTransportError } from '../common/transport-error.js';
import { HandlersFailedError } from '../consume/handler-errors.js';
import { messageOf, stackOf } from '../diagnostics/error-text.js';
import type { SettledEvent } from '../diagnostics/transport-event.js';
import { because, classOf, type LogLine } from './log-line.js';

/**
 * Lines per ten seconds about messages that end in the same way. Ten lines suffice to find one of
 * these messages, and are too few to fill a disk.
 */
const SEVERAL = 10;

/** The text of each outcome. An outcome with `undefined` is never logged. */
const TEXTS: {
  readonly [Type in SettledEvent['outcome']]: ((event: SettledEvent) => string) | undefined;
} = {
  ack: undefined,
  released: undefined,
  retry: (event) => `${which(event)} failed and comes back ${when(event)}${because(event.error)}`,
  split({ resent = 0, methods, messageId, queue, error }) {
    const calls = `${resent} of ${methods.length} calls of message ${messageId} of ${queue}`;
    return `${calls} failed and were sent again, each by itself${because(error)}`;
  },
  reject(event) {
    const why = `${event.reason ?? 'unknown'}: ${messageOf(event.detail ?? '')}`;
    return `${which(event)} is rejected, ${why}; ${FATES[event.fate ?? 'kept'](event)}`;
  },
  abandon: (event) => `${which(event)} failed after its lease was lost${because(event.error)}`,
};

/** Describes when a message comes back. A function of Lambda may not be allowed to delay it. */
function when({ delaySeconds }: SettledEvent): string {
  return delaySeconds === undefined ? 'when the visibility timeout of its queue is over' : `in ${delaySeconds} s`;
}

/** True if the lost lease of a delivery says all: the error of a handler that it aborted adds nothing. */
function isSilent({ outcome, error }: SettledEvent): boolean {
  return outcome === 'abandon' && (error === undefined || error instanceof LeaseLostError);
}

/** The end of the text about a rejected message. */
const FATES: { readonly [Fate in NonNullable<SettledEvent['fate']>]: (event: SettledEvent) => string } = {
  kept: (event) => `it comes back ${when(event)}, until the redrive policy of the queue moves it`,
  'dead-lettered': () => 'it is in the dead-letter queue',
  parked: (event) =>
    `it was dead-lettered maxDeadLetters times, so it stays in its queue and comes back ${when(event)}; fix its handler, or delete the message`,
  removed: () => 'it was REMOVED, as poisonPolicy: "drop" asks',
};

/** Formats the log line of a delivery. Undefined if the delivery ended well. */
export function settledLine(event: SettledEvent): LogLine | undefined {
  const format = TEXTS[event.outcome];
  if (format === undefined || isSilent(event)) return undefined;
  const text = (): string => format(event);
  const level = event.outcome === 'reject' ? 'error' : 'warn';
  const often = { several: SEVERAL };
  return {
    level,
    text,
    kind: kindOf(event),
    often,
    ...(isUnexpected(event) && { stack: () => stackOf(firstOf(event.error)) }),
  };
}

/**
 * Returns the kind of a settlement. Ignores the text of the error, since a sender may control the
 * text and change it each time.
 */
function kindOf({ type, queue, outcome, reason, fate, methods, error }: SettledEvent): string {
  return [type, queue, outcome, reason ?? '', fate ?? '', methods[0] ?? '', classOf(error)].join(' ');
}

/**
 * True if the stack of the error must be logged. An error of a handler that arrives unchanged has
 * not been logged by Nest's own filter.
 */
function isUnexpected({ outcome, reason, error }: SettledEvent): boolean {
  const hasFailed = outcome === 'retry' || outcome === 'split' || reason === 'too-many-receives';
  const first = firstOf(error);
  return hasFailed && !(first instanceof RpcException) && !(first instanceof ThriftTransportError);
}

/** Returns the first of several failures, since the stack of them together shows nothing. */
function firstOf(error: unknown): unknown {
  return error instanceof HandlersFailedError ? (error.errors as unknown[])[0] : error;
}

function which({ methods, messageId, receiveCount, queue }: SettledEvent): string {
  const what = methods.length > 0 ? methods.slice(0, 3).join(', ') : 'message';
  return `${what} (${messageId}, delivery ${receiveCount}) of ${queue}`;
}
