import type { QueueError } from '../../../queue/queue-error.js';
import { count } from '../text.js';
import { splitAdvice } from './access.js';
import type { Sample } from './facts.js';
import { fail, ok, warn, type CheckResult } from './check-result.js';

const LOOK = 'Look at the messages with peek';
const UNWRAP = 'Envelopes of SNS need --sns-topic, and bodies in S3 need --bucket.';

/** Provides the words for messages decoded by an IDL, and for messages read without an IDL. */
const WORDS = {
  idl: {
    good: 'decode by the IDL',
    bad: 'would be rejected by a worker with this IDL',
    fix: `${LOOK}, and compare the IDL with the IDL of the producers with check. ${UNWRAP}`,
  },
  untyped: { good: 'are Thrift calls', bad: 'are not Thrift calls', fix: `${LOOK}. ${UNWRAP}` },
};

/** Checks that the messages in the queue decode. */
export function checkMessages(sample: Sample | undefined, byIdl: boolean): readonly CheckResult[] {
  if (sample === undefined) return [];
  if (sample.spared) {
    const text = 'not looked at, because the redrive policy allows only one receive';
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
  if (messages === 0) return ok('messages', 'no message to look at');
  const dying =
    last === 0
      ? ''
      : `; the sample ended there, because another look would leave ${last} of them no receive for a worker`;
  const seen = `${count(messages, 'message')} received and released, which counts as a receive${dying}`;
  const words = byIdl ? WORDS.idl : WORDS.untyped;
  const reasons = Object.entries(problems).map(([reason, number]) => `${reason} ${number}`);
  if (reasons.length === 0) return ok('messages', `${seen}: all ${words.good}`);
  const bad = Object.values(problems).reduce((sum, number) => sum + number, 0);
  return fail('messages', `${seen}: ${bad} of them ${words.bad} (${reasons.join(', ')})`, words.fix);
}
