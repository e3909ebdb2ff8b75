import { QueueError } from '../../../queue/queue-error.js';
import { toQueueProperties } from '../../../carriers/sqs/queue-properties.js';
import { MAX_MESSAGE_BYTES, type QueueResource } from '../infra/infrastructure.js';
import { splitAdvice } from './access.js';
import { type CheckResult, fail, ok, warn } from './check-result.js';
import type { Attributes, PlanFacts, QueueFacts, TriedRights } from './facts.js';

const APPLY = 'Apply the output of infra with the same --options, or change the options.';

/** Compares a queue with what `infra` writes for it. Returns nothing without `--options`. */
export function checkPlan(queue: QueueFacts, plan: PlanFacts | undefined): readonly CheckResult[] {
  if (plan === undefined) return [];
  if (plan.planned === undefined) {
    return [
      warn(
        'plan',
        'infra writes no queue of this name',
        'Correct --queue or --prefix, or queue and queuePrefix of --options.',
      ),
    ];
  }
  return [...checkAttributes(queue, plan.planned), ...checkRights(queue, plan)];
}

function checkAttributes(queue: QueueFacts, planned: QueueResource): readonly CheckResult[] {
  // The check of the permissions reports attributes that are unreadable.
  if (queue.attributes === undefined) return [];
  const differences = [
    ...differencesOf(queue.attributes, planned),
    ...redriveDifferences(queue, planned),
    ...deadLetterDifferences(queue, planned),
  ];
  if (differences.length === 0) return [ok('plan', 'the queue and its dead-letter queue are as infra writes them')];
  return differences.map((text) => warn('plan', text, APPLY));
}

function differencesOf(attributes: Attributes, planned: QueueResource): readonly string[] {
  const { isFifo, contentBasedDeduplication, kmsKey } = planned;
  const pairs: readonly (readonly [name: string, planned: string, fallback: string])[] = [
    ['VisibilityTimeout', String(planned.visibilityTimeoutSeconds), '30'],
    ['MessageRetentionPeriod', String(planned.retentionSeconds), '345600'],
    ['ReceiveMessageWaitTimeSeconds', String(planned.waitTimeSeconds), '0'],
    ['MaximumMessageSize', String(MAX_MESSAGE_BYTES), String(MAX_MESSAGE_BYTES)],
    ...(isFifo ? [['ContentBasedDeduplication', String(contentBasedDeduplication), 'false'] as const] : []),
  ];
  const known = new Map(Object.entries(attributes));
  const found = pairs.map(([name, wanted, fallback]) => [name, known.get(name) ?? fallback, wanted] as const);
  return [
    ...found
      .filter(([, is, wanted]) => is !== wanted)
      .map(([name, is, wanted]) => `${name} is ${is}, and infra writes ${wanted}`),
    ...keyDifference(attributes['KmsMasterKeyId'], kmsKey),
  ];
}

/** SQS shows a key as it was given: by ARN or by id. An alias is compared with nothing. */
function keyDifference(is: string | undefined, wanted: string | undefined): readonly string[] {
  if (is === undefined && wanted === undefined) return [];
  if (is !== undefined && wanted !== undefined && (is.includes('alias/') || wanted.endsWith(is))) return [];
  return [`KmsMasterKeyId is ${is ?? 'absent'}, and infra writes ${wanted ?? 'none'}`];
}

function redriveDifferences({ name, attributes }: QueueFacts, { redrive }: QueueResource): readonly string[] {
  const { redrive: found } = toQueueProperties(name, attributes!);
  // The check of the redrive policy reports these.
  if (found === undefined || found === 'unknown') return [];
  const { target, maxReceiveCount } = redrive!;
  const isTarget = found.target.split(':').at(-1) === target.name;
  return [
    ...(isTarget ? [] : [`the redrive policy names ${found.target}, and infra writes ${target.name}`]),
    ...(found.maxReceiveCount === maxReceiveCount
      ? []
      : [`maxReceiveCount is ${found.maxReceiveCount}, and infra writes ${maxReceiveCount}`]),
  ];
}

function deadLetterDifferences({ deadLetters }: QueueFacts, { redrive }: QueueResource): readonly string[] {
  if (deadLetters === undefined || deadLetters instanceof QueueError) return [];
  const { name, retentionSeconds } = redrive!.target;
  const seconds = deadLetters['MessageRetentionPeriod'] ?? '345600';
  if (seconds === String(retentionSeconds)) return [];
  return [`MessageRetentionPeriod of ${name} is ${seconds}, and infra writes ${retentionSeconds}`];
}

function checkRights({ allowed }: QueueFacts, { resends, tried, untried }: PlanFacts): readonly CheckResult[] {
  const granted = tried.filter(({ error }) => error === undefined);
  return [
    ...(resends && allowed['sqs:SendMessage'] === false
      ? [
          fail(
            'rights',
            'denied: sqs:SendMessage, with which a worker resends calls of shared bodies',
            'Grant sqs:SendMessage on this queue.',
          ),
        ]
      : []),
    ...granted.map(({ actions, on }) => ok('rights', `${actions.join(', ')} on ${on}`)),
    ...tried.flatMap(failure),
    ...(untried.length === 0 ? [] : [ok('rights', `not tried, because a try has an effect: ${untried.join(', ')}`)]),
  ];
}

function failure({ actions, on, error }: TriedRights): readonly CheckResult[] {
  if (error === undefined) return [];
  const { text, fix } = splitAdvice(error.message);
  return [fail('rights', `${actions.join(', ')} on ${on}: ${text}`, fix)];
}
