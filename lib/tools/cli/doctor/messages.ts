import type { QueueError } from '../../../queue/queue-error.js';
import { count } from '../text.js';
import { splitAdvice } from './access.js';
import type { Sample } from './facts.js';
import { fail, ok, warn, type CheckResult } from './check-result.js';

const LOOK = 'Look with peek';
const UNWRAP = 'Envelopes of SNS need --sns-topic, bodies in S3 --bucket.';

/** Words for messages that were decoded by an IDL, and for those that were read without one. */
const WORDS = {
  idl: {
    good: 'decode by the IDL',
    bad: 'would be rejected by a worker with this IDL',
    fix: `${LOOK}; compare the IDL with what producers use by check. ${UNWRAP}`,
  },
  untyped: { good: 'are Thrift calls', bad: 'are no Thrift calls', fix: `${LOOK}. ${UNWRAP}` },
};

/** Checks that the messages in the queue decode. */
export function checkMessages(sample: Sample | undefined, byIdl: boolean): readonly CheckResult[] {
  if (sample === undefined) return [];
  if (sample.spared) {
    const text = 'not looked at: by the redrive policy one receive is all that they have';
    return [warn('messages', text, 'Set maxReceiveCount to 3 or more.')];
  }
  if (sample.error !== undefined) return checkError(sample.error);
  return [checkSample(sample, byIdl)];
}

function checkError({ kind, message }: QueueError): readonly CheckResult[] {
  // The check of the permissions reports a receive that is denied.
  if (kind === 'denied') return [];
  const { text, fix } = splitAdvice(message);
  return [warn('messages', `could not be looked at: ${text}`, fix)];
}

function checkSample({ messages, problems, last = 0 }: Sample, byIdl: boolean): CheckResult {
  if (messages === 0) return ok('messages', 'none to look at');
  const dying = last === 0 ? '' : `, and no more: another look would leave ${last} of them no receive for a worker`;
  const seen = `${count(messages, 'message')} looked at and put back, which counts as a receive${dying}`;
  const words = byIdl ? WORDS.idl : WORDS.untyped;
  const reasons = Object.entries(problems).map(([reason, number]) => `${reason} ${number}`);
  if (reasons.length === 0) return ok('messages', `${seen}: all ${words.good}`);
  const bad = Object.values(problems).reduce((sum, number) => sum + number, 0);
  return fail('messages', `${seen}: ${bad} of them ${words.bad} (${reasons.join(', ')})`, words.fix);
}
