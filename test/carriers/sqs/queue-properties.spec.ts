import { describe, expect, it } from '@jest/globals';
import { toQueueProperties } from '#lib/carriers/sqs/queue-properties.js';

const ARN = 'arn:aws:sqs:eu-west-1:111122223333:jobs';
const target = `${ARN}-dlq`;

describe('the redrive policy of a queue', () => {
  it.each<[string, object, unknown]>([
    ['a count as a number', { deadLetterTargetArn: target, maxReceiveCount: 5 }, { target, maxReceiveCount: 5 }],
    ['a count as text', { deadLetterTargetArn: target, maxReceiveCount: '5' }, { target, maxReceiveCount: 5 }],
    ['no target', {}, undefined],
    ['a URL as its target', { deadLetterTargetArn: 'http://elsewhere/0/jobs', maxReceiveCount: 5 }, 'unknown'],
    ['a target that is no text', { deadLetterTargetArn: 5, maxReceiveCount: 5 }, 'unknown'],
    ['a count that is no number', { deadLetterTargetArn: target, maxReceiveCount: 'many' }, 'unknown'],
  ])('is read with %s', (_, policy, redrive) => {
    expect(toQueueProperties('jobs', { QueueArn: ARN, RedrivePolicy: JSON.stringify(policy) }).redrive).toEqual(
      redrive,
    );
  });

  it.each<[string, Readonly<Record<string, string>>, unknown]>([
    ['is absent without the attribute', { QueueArn: ARN }, undefined],
    ['is absent if the attribute is empty', { QueueArn: ARN, RedrivePolicy: '' }, undefined],
    ['is unknown if it is no JSON', { QueueArn: ARN, RedrivePolicy: '{' }, 'unknown'],
    ['is unknown if the attributes cannot be read', {}, 'unknown'],
  ])('%s', (_, attributes, redrive) => {
    expect(toQueueProperties('jobs', attributes).redrive).toBe(redrive);
  });
});
