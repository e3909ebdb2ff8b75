import { QueueError } from '../../../queue/queue-error.js';
import type { Facts, QueueFacts } from './facts.js';
import { fail, ok, warn, type CheckResult } from './check-result.js';

/** Lists the requirements of a request to a queue, in the order of their checks. */
const STEPS = ['region', 'credentials', 'endpoint', 'queue'] as const;

type Step = (typeof STEPS)[number];

/** Checks each step to the queue, up to the first failure. */
export function checkAccess({ queue }: Facts): readonly CheckResult[] {
  if (!(queue instanceof QueueError)) return STEPS.map((step) => ok(step, found(step, queue)));
  const failed = failedStep(queue);
  const passed = STEPS.slice(0, STEPS.indexOf(failed));
  const { text, fix } = splitAdvice(queue.message);
  return [...passed.map((step) => ok(step, step === 'endpoint' ? 'answers' : 'found')), fail(failed, text, fix)];
}

function found(step: Step, { region, location, name }: QueueFacts): string {
  switch (step) {
    case 'region':
      return region ?? 'found';
    case 'credentials':
      return 'found, and accepted';
    case 'endpoint':
      return `${location} answers`;
    case 'queue':
      return `"${name}" exists`;
  }
}

function failedStep({ kind, code }: QueueError): Step {
  if (['RegionMissing', 'RegionInvalid', 'RegionMismatch'].includes(code)) return 'region';
  if (kind === 'credentials') return 'credentials';
  if (kind === 'missing-queue' || kind === 'denied') return 'queue';
  return 'endpoint';
}

/** Splits an error text, which ends with its advice. */
export function splitAdvice(message: string): { readonly text: string; readonly fix: string } {
  const [text, ...fix] = message.split('. ');
  return fix.length === 0
    ? { text: message, fix: 'Correct what the error names.' }
    : { text: text!, fix: fix.join('. ') };
}

/** Limits the clock skew. Beyond this limit AWS refuses signed requests. */
const REFUSED_MS = 300_000;
const SUSPICIOUS_MS = 60_000;
const SET_CLOCK = 'Set the clock of this machine, by NTP for example.';

/** Checks that this machine and SQS agree on the time. */
export function checkClock({ clockSkewMs: skew }: Facts): readonly CheckResult[] {
  if (skew === undefined) return [];
  const far = Math.abs(skew);
  // The header has whole seconds only, and takes time to arrive.
  const seconds = Math.round(far / 1000);
  const text = seconds <= 1 ? 'agrees with SQS' : `${seconds} s ${skew > 0 ? 'behind' : 'ahead of'} SQS`;
  if (far > REFUSED_MS) {
    return [fail('clock', `${text}: AWS refuses signatures that are more than 5 minutes off`, SET_CLOCK)];
  }
  return [
    far > SUSPICIOUS_MS ? warn('clock', `${text}: at 5 minutes AWS refuses signatures`, SET_CLOCK) : ok('clock', text),
  ];
}
