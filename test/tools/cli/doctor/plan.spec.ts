import { describe, expect, it } from '@jest/globals';
import type { PlanFacts, QueueFacts } from '../../../../lib/tools/cli/doctor/facts.js';
import { checkPlan } from '../../../../lib/tools/cli/doctor/plan.js';
import type { InfraOptions } from '../../../../lib/tools/cli/infra/infra-options.js';
import { QueueError } from '../../../../lib/queue/queue-error.js';
import { plan } from '../infra/planning.js';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234';

const policy = (target: string, maxReceiveCount: number): string =>
  JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:eu-west-1:111122223333:${target}`, maxReceiveCount });

/** The queue `jobs` as `infra` writes it, but for `changes`. */
function queue(
  changes: Readonly<Record<string, string>> = {},
  dead: Readonly<Record<string, string>> = {},
): QueueFacts {
  return {
    name: 'jobs',
    region: 'eu-west-1',
    location: 'queue "jobs"',
    allowed: {},
    attributes: {
      QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
      VisibilityTimeout: '30',
      ReceiveMessageWaitTimeSeconds: '20',
      RedrivePolicy: policy('jobs-dlq', 5),
      ...changes,
    },
    deadLetters: { MessageRetentionPeriod: '1209600', ...dead },
  };
}

function facts(options: InfraOptions = {}, more: Partial<PlanFacts> = {}): PlanFacts {
  const planned = plan(['Jobs'], options).infrastructure.queues.find(({ name }) => name === 'jobs');
  return { planned, resends: false, tried: [], untried: [], ...more };
}

const texts = (of: QueueFacts, plan: PlanFacts): readonly string[] =>
  checkPlan(of, plan).map(({ check, status, text }) => `${check} ${status}: ${text}`);

describe('the comparison of a queue with what infra writes', () => {
  it('finds no difference in a queue that infra has written', () => {
    expect(texts(queue(), facts())).toEqual(['plan ok: the queue and its dead-letter queue are as infra writes them']);
    expect(checkPlan(queue(), undefined)).toEqual([]);
  });

  it.each<[object, object, InfraOptions, string]>([
    [{ VisibilityTimeout: '60' }, {}, {}, 'VisibilityTimeout is 60, and infra writes 30'],
    [{}, {}, { handlerTimeoutMs: 90_000 }, 'VisibilityTimeout is 30, and infra writes 91'],
    [{ MessageRetentionPeriod: '60' }, {}, {}, 'MessageRetentionPeriod is 60, and infra writes 345600'],
    [{ ReceiveMessageWaitTimeSeconds: '0' }, {}, {}, 'ReceiveMessageWaitTimeSeconds is 0, and infra writes 20'],
    [{ MaximumMessageSize: '262144' }, {}, {}, 'MaximumMessageSize is 262144, and infra writes 1048576'],
    [{ RedrivePolicy: policy('jobs-dlq', 3) }, {}, {}, 'maxReceiveCount is 3, and infra writes 5'],
    [{ RedrivePolicy: policy('dead', 5) }, {}, {}, 'and infra writes jobs-dlq'],
    [{}, { MessageRetentionPeriod: '60' }, {}, 'MessageRetentionPeriod of jobs-dlq is 60, and infra writes 1209600'],
    [{}, {}, { kmsKey: KEY }, `KmsMasterKeyId is absent, and infra writes ${KEY}`],
    [{ KmsMasterKeyId: '5678' }, {}, { kmsKey: KEY }, `KmsMasterKeyId is 5678, and infra writes ${KEY}`],
    [{ KmsMasterKeyId: KEY }, {}, {}, `KmsMasterKeyId is ${KEY}, and infra writes none`],
  ])('explains the difference %j %j %j', (changes, dead, options, text) => {
    expect(texts(queue({ ...changes }, { ...dead }), facts(options))).toEqual([
      expect.stringMatching(/^plan warn: .* infra writes /),
    ]);
    expect(texts(queue({ ...changes }, { ...dead }), facts(options))[0]).toContain(text);
  });

  it.each(['1234', KEY, 'alias/own'])('takes the key %s for the key of the plan', (KmsMasterKeyId) => {
    expect(texts(queue({ KmsMasterKeyId }), facts({ kmsKey: KEY }))).toEqual([expect.stringMatching(/^plan ok/)]);
  });

  it('warns of a queue that infra does not write', () => {
    expect(texts(queue(), facts({}, { planned: undefined }))).toEqual([
      'plan warn: infra writes no queue of this name',
    ]);
  });

  it('reports the rights that were tried, and those that cannot be', () => {
    const error = new QueueError('it was refused. Grant it.', {
      code: 'AccessDenied',
      kind: 'denied',
      queue: 'b',
    });
    const tried = [
      { actions: ['sns:Publish'], on: 'the topic "t"' },
      { actions: ['s3:GetObject'], on: 'the bucket "b"', error },
    ];
    const denied = { ...queue(), allowed: { 'sqs:SendMessage': false } };
    expect(texts(denied, facts({}, { resends: true, tried, untried: ['kms:Decrypt'] })).slice(1)).toEqual([
      'rights fail: denied: sqs:SendMessage, with which a worker resends calls of shared bodies',
      'rights ok: sns:Publish on the topic "t"',
      'rights fail: s3:GetObject on the bucket "b": AccessDenied: it was refused',
      'rights ok: not tried, because a try has an effect: kms:Decrypt',
    ]);
  });
});
