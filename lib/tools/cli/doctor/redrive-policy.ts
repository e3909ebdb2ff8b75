import { QueueError } from '../../../queue/queue-error.js';
import { toQueueProperties } from '../../../carriers/sqs/queue-properties.js';
import { count, duration } from '../text.js';
import { splitAdvice } from './access.js';
import type { Attributes, QueueFacts } from './facts.js';
import { fail, ok, warn, type CheckResult } from './check-result.js';

/** Allows for a receive or two that a crash or a deployment costs. */
const FEWEST_RECEIVES = 3;
/** Allows for releases behind a failed message, which count as receives on FIFO queues. */
const FEWEST_RECEIVES_FIFO = 10;
/** Equals the default retention of SQS. */
const DEFAULT_RETENTION_SECONDS = 345_600;

/** Checks that messages that always fail leave the queue and are kept. */
export function checkRedrive({ name, attributes, deadLetters }: QueueFacts): readonly CheckResult[] {
  if (attributes === undefined) return [];
  const { redrive, features } = toQueueProperties(name, attributes);
  if (redrive === undefined || redrive === 'unknown') {
    return [
      warn(
        'redrive',
        'no redrive policy: a message that always fails comes back until it expires',
        `Give the queue a RedrivePolicy with a dead-letter queue, or workers poisonPolicy: 'dead-letter'.`,
      ),
    ];
  }
  const { target, maxReceiveCount } = redrive;
  const targetName = target.split(':').at(-1) ?? '';
  const to = `"${targetName}"`;
  const least = features.ordered ? FEWEST_RECEIVES_FIFO : FEWEST_RECEIVES;
  const wrong = wrongTarget(attributes, target, targetName, features.ordered, deadLetters);
  return [
    ...(wrong === undefined ? [ok('redrive', `to ${to} after ${count(maxReceiveCount, 'receive')}`)] : [wrong]),
    ...(maxReceiveCount < least ? [tooFewReceives(maxReceiveCount, least, features.ordered)] : []),
    ...(wrong === undefined && !features.ordered ? retentionOf(attributes, deadLetters, to) : []),
  ];
}

function wrongTarget(
  attributes: Attributes,
  target: string,
  targetName: string,
  fifo: boolean,
  found: QueueFacts['deadLetters'],
): CheckResult | undefined {
  const to = `the dead-letter queue "${targetName}"`;
  if (target === attributes['QueueArn']) {
    return fail('redrive', `${to} is the queue itself`, 'Name another queue in its RedrivePolicy.');
  }
  if (targetName.endsWith('.fifo') !== fifo) {
    const wanted = fifo
      ? 'a FIFO queue, because this queue is a FIFO queue'
      : 'a standard queue, because this queue is a standard queue';
    return fail('redrive', `${to} is of another type, so SQS moves no message there`, `Name ${wanted}.`);
  }
  if (!(found instanceof QueueError)) return undefined;
  if (found.kind === 'missing-queue') {
    return fail(
      'redrive',
      `${to} does not exist, or the caller may not see it`,
      'Create it, or correct the RedrivePolicy.',
    );
  }
  const { text, fix } = splitAdvice(found.message);
  return warn('redrive', `${to} could not be looked at: ${text}`, fix);
}

function tooFewReceives(receives: number, least: number, fifo: boolean): CheckResult {
  const why = fifo
    ? 'on a FIFO queue each release behind a failed message counts as a receive, so the queue may move those messages after one failure'
    : 'a crash or a deployment counts as a receive too, so messages that never failed may be moved';
  return warn('redrive', `maxReceiveCount is ${receives}: ${why}`, `Set maxReceiveCount to ${least} or more.`);
}

function retentionOf(attributes: Attributes, found: QueueFacts['deadLetters'], to: string): readonly CheckResult[] {
  if (found === undefined || found instanceof QueueError) return [];
  const [here, there] = [attributes, found].map(
    ({ MessageRetentionPeriod: seconds }) => Number(seconds) || DEFAULT_RETENTION_SECONDS,
  ) as [number, number];
  if (there >= here) return [];
  const text = `${to} keeps messages ${duration(1000 * there)}, this queue ${duration(1000 * here)}; a moved message keeps its age and may expire at once`;
  return [warn('redrive', text, 'Give the dead-letter queue the longer MessageRetentionPeriod, at most 14 days.')];
}
