import { count } from '../text.js';
import { splitAdvice } from './access.js';
import type { Sample } from './facts.js';
import { fail, ok, warn, type Finding } from './finding.js';

/** Whether what is in the queue decodes. */
export function checkMessages(sample: Sample | undefined, byIdl: boolean): readonly Finding[] {
  if (sample === undefined) return [];
  const { messages, problems, last = 0, error, spared } = sample;
  if (spared) {
    const text = 'not looked at: by the redrive policy one receive is all that they have';
    return [warn('messages', text, 'Set maxReceiveCount to 3 or more.')];
  }
  // That it is denied stands among the permissions.
  if (error?.kind === 'denied') return [];
  if (error !== undefined) {
    const { text, fix } = splitAdvice(error.message);
    return [warn('messages', `could not be looked at: ${text}`, fix)];
  }
  if (messages === 0) return [ok('messages', 'none to look at')];
  const reasons = Object.entries(problems).map(([reason, number]) => `${reason} ${number}`);
  const dying = last === 0 ? '' : `, and no more: another look would leave ${last} of them no receive for a worker`;
  const seen = `${count(messages, 'message')} looked at and put back, which counts as a receive${dying}`;
  if (reasons.length === 0) return [ok('messages', `${seen}: all ${byIdl ? 'decode by the IDL' : 'are Thrift calls'}`)];
  const bad = Object.values(problems).reduce((sum, number) => sum + number, 0);
  return [
    fail(
      'messages',
      `${seen}: ${bad} of them ${byIdl ? 'would be rejected by a worker with this IDL' : 'are no Thrift calls'} (${reasons.join(', ')})`,
      byIdl
        ? 'Look with peek; compare the IDL with what producers use by check. Envelopes of SNS need --sns-topic, bodies in S3 --bucket.'
        : 'Look with peek. Envelopes of SNS need --sns-topic, bodies in S3 --bucket.',
    ),
  ];
}
