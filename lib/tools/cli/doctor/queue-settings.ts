import { count, duration } from '../text.js';
import type { QueueFacts } from './facts.js';
import { fail, ok, warn, type CheckResult } from './check-result.js';

const MAX_MESSAGE_BYTES = 1_048_576;
const SHORT_RETENTION_SECONDS = 86_400;
/** Quota of Amazon SQS, the same for standard and FIFO queues. */
const MAX_IN_FLIGHT = 120_000;
const MANY_IN_FLIGHT = 96_000;

/** Checks that the attributes of the queue suit the programs. */
export function checkSettings(queue: QueueFacts, handlerTimeoutMs: number | undefined): readonly CheckResult[] {
  const { attributes, inFlight } = queue;
  return [
    ...(attributes === undefined
      ? []
      : [
          visibility(Number(attributes['VisibilityTimeout'] ?? 30), handlerTimeoutMs),
          size(Number(attributes['MaximumMessageSize'] ?? MAX_MESSAGE_BYTES)),
          retention(Number(attributes['MessageRetentionPeriod'] ?? 345_600)),
          ...delay(Number(attributes['DelaySeconds'] ?? 0)),
        ]),
    ...(inFlight === undefined ? [] : [flight(inFlight)]),
  ];
}

/**
 * Compares the visibility timeout with the handlers. Only workers of this library renew leases by
 * themselves.
 */
function visibility(seconds: number, handlerTimeoutMs: number | undefined): CheckResult {
  const text = `the queue's visibility timeout is ${seconds} s`;
  if (handlerTimeoutMs === undefined) {
    return ok('visibility', `${text}; --handler-timeout compares it with the run time of handlers`);
  }
  if (seconds * 1000 > handlerTimeoutMs)
    return ok('visibility', `${text}, and handlers run up to ${handlerTimeoutMs} ms`);
  const least = Math.ceil((handlerTimeoutMs + 1) / 1000);
  return warn(
    'visibility',
    `${text}, and handlers run up to ${handlerTimeoutMs} ms: workers of this library renew leases, but workers in other languages receive such a message twice`,
    `Set VisibilityTimeout to ${least} or more, or let those workers renew leases.`,
  );
}

function size(bytes: number): CheckResult {
  if (bytes >= MAX_MESSAGE_BYTES) return ok('size', 'messages of up to 1 MiB');
  return warn(
    'size',
    `MaximumMessageSize is ${bytes}: the queue refuses larger messages, although SQS accepts ${MAX_MESSAGE_BYTES}`,
    `Set MaximumMessageSize to ${MAX_MESSAGE_BYTES}, or store large bodies in S3.`,
  );
}

function retention(seconds: number): CheckResult {
  const text = `messages are kept for ${duration(1000 * seconds)}`;
  if (seconds >= SHORT_RETENTION_SECONDS) return ok('retention', text);
  return warn(
    'retention',
    `${text}: a longer outage of the workers loses messages`,
    'Set MessageRetentionPeriod to several days.',
  );
}

function delay(seconds: number): readonly CheckResult[] {
  if (seconds === 0) return [];
  return [
    warn(
      'delay',
      `each message waits ${seconds} s before a worker gets it`,
      'Set DelaySeconds to 0 unless the delay is intended.',
    ),
  ];
}

function flight(messages: number): CheckResult {
  const text = `${count(messages, 'message')} in flight of ${MAX_IN_FLIGHT}`;
  const fix = 'Check that workers settle their messages; more workers do not help.';
  if (messages >= MAX_IN_FLIGHT) return fail('in-flight', `${text}: no further message can be received`, fix);
  return messages >= MANY_IN_FLIGHT
    ? warn('in-flight', `${text}: at the limit no message can be received`, fix)
    : ok('in-flight', text);
}
