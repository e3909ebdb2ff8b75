import { QueueError } from '../../../queue/queue-error.js';
import type { Facts, QueueFacts } from './facts.js';
import { fail, ok, warn, type CheckResult } from './check-result.js';

/** Everything that a request to a queue needs, in this order. */
const STEPS = ['region', 'credentials', 'endpoint', 'queue'] as const;

type Step = (typeof STEPS)[number];

/** Checks each step to the queue, up to the first one that failed. */
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
  if (code === 'RegionMissing' || code === 'RegionMismatch') return 'region';
  if (kind === 'credentials') return 'credentials';
  if (kind === 'missing-queue' || kind === 'denied') return 'queue';
  return 'endpoint';
}

/** The texts of errors end with what to do. */
export function splitAdvice(message: string): { readonly text: string; readonly fix: string } {
  const [text, ...fix] = message.split('. ');
  return fix.length === 0 ? { text: message, fix: 'See what it says.' } : { text: text!, fix: fix.join('. ') };
}

/** AWS refuses requests that are signed so far off. */
const REFUSED_MS = 300_000;
const SUSPICIOUS_MS = 60_000;
const SET_CLOCK = 'Set the clock of this machine, by NTP for example.';

/** Checks that this machine and SQS agree on the time. */
export function checkClock({ clockSkewMs: skew }: Facts): readonly CheckResult[] {
  if (skew === undefined) return [];
  const far = Math.abs(skew);
  // The header has no parts of a second, and travels for a while.
  const seconds = Math.round(far / 1000);
  const text = seconds <= 1 ? 'agrees with SQS' : `${seconds} s ${skew > 0 ? 'behind' : 'ahead of'} SQS`;
  if (far > REFUSED_MS) {
    return [fail('clock', `${text}: AWS refuses signatures that are more than 5 minutes off`, SET_CLOCK)];
  }
  return [
    far > SUSPICIOUS_MS ? warn('clock', `${text}: at 5 minutes AWS refuses signatures`, SET_CLOCK) : ok('clock', text),
  ];
}
