import type { ArnReference, Statement } from './infrastructure.js';

/** Holds a statement as IAM reads it. Resources are ARNs, or references of a format. */
interface DocumentStatement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Holds a policy as IAM reads it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly DocumentStatement[];
}

/**
 * Converts statements to a policy.
 *
 * @param arnOf converts a resource to what the format puts in its place
 */
export function policyDocument(
  statements: readonly Statement[],
  arnOf: (reference: ArnReference) => unknown,
): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ actions, resources }) => ({
      Effect: 'Allow',
      Action: actions.length === 1 ? actions[0]! : actions,
      Resource: resources.length === 1 ? arnOf(resources[0]!) : resources.map(arnOf),
    })),
  };
}

/** Lets a topic send to a queue, for the policy of the queue. */
export function topicStatement(queueArn: unknown, topic: string): object {
  return {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': topic } },
  };
}
