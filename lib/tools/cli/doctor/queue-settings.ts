import { count, duration } from '../text.js';
import type { QueueFacts } from './facts.js';
import { fail, ok, warn, type CheckResult } from './check-result.js';

const MAX_MESSAGE_BYTES = 1_048_576;
const SHORT_RETENTION_SECONDS = 86_400;
/** Quotas of Amazon SQS, the same for standard and FIFO queues. */
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

/** Workers of this library renew leases of their own length; those in other languages go by the queue. */
function visibility(seconds: number, handlerTimeoutMs: number | undefined): CheckResult {
  const text = `the queue's visibility timeout is ${seconds} s`;
  if (handlerTimeoutMs === undefined) {
    return ok('visibility', `${text}; with --handler-timeout it is compared with how long handlers run`);
  }
  if (seconds * 1000 > handlerTimeoutMs) return ok('visibility', `${text}, handlers run up to ${handlerTimeoutMs} ms`);
  const least = Math.ceil((handlerTimeoutMs + 1) / 1000);
  return warn(
    'visibility',
    `${text}, and handlers run up to ${handlerTimeoutMs} ms: workers of this library renew leases, those in other languages get such a message twice`,
    `Set VisibilityTimeout to ${least} or more, or let those workers renew.`,
  );
}

function size(bytes: number): CheckResult {
  if (bytes >= MAX_MESSAGE_BYTES) return ok('size', 'messages of up to 1 MiB');
  return warn(
    'size',
    `MaximumMessageSize is ${bytes}: larger messages are refused, and SQS takes ${MAX_MESSAGE_BYTES}`,
    `Set MaximumMessageSize to ${MAX_MESSAGE_BYTES}, or let large payloads travel by S3.`,
  );
}

function retention(seconds: number): CheckResult {
  const text = `messages are kept for ${duration(1000 * seconds)}`;
  if (seconds >= SHORT_RETENTION_SECONDS) return ok('retention', text);
  return warn(
    'retention',
    `${text}: an outage of the workers that lasts longer loses them`,
    'Set MessageRetentionPeriod to days.',
  );
}

function delay(seconds: number): readonly CheckResult[] {
  if (seconds === 0) return [];
  return [
    warn(
      'delay',
      `each message waits ${seconds} s before a worker gets it`,
      'Set DelaySeconds to 0 unless that is meant.',
    ),
  ];
}

function flight(messages: number): CheckResult {
  const text = `${count(messages, 'message')} in flight of ${MAX_IN_FLIGHT}`;
  const fix = 'See whether workers settle what they receive; more workers do not help.';
  if (messages >= MAX_IN_FLIGHT) return fail('in-flight', `${text}: no more can be received`, fix);
  return messages >= MANY_IN_FLIGHT
    ? warn('in-flight', `${text}: at that nothing can be received`, fix)
    : ok('in-flight', text);
}
