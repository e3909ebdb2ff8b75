import { CheckFailed } from '../exit.js';
import type { ArnReference, Infrastructure, QueueResource } from './infrastructure.js';
import { policyDocument, topicStatement } from './policy-document.js';
import type { ResolvedInfraOptions } from './resolve-options.js';
import { partitionOf } from './partitions.js';

/** Names the place of queues, for formats that cannot refer to a resource. */
export interface QueuePlace {
  readonly region: string;
  readonly account: string;
}

/** @throws CheckFailed region or account is absent */
export function placeOf({ region, account }: ResolvedInfraOptions, format: string): QueuePlace {
  if (region !== undefined && account !== undefined) return { region, account };
  const missing = [...(region === undefined ? ['--region'] : []), ...(account === undefined ? ['--account'] : [])];
  throw new CheckFailed(`the format ${format} names queues by region and account; give ${missing.join(' and ')}`);
}

function queueArn({ name }: QueueResource, { region, account }: QueuePlace): string {
  return `arn:${partitionOf(region)}:sqs:${region}:${account}:${name}`;
}

/** Renders the policies of all roles by their names, and beside them the policies that queues and a key need for a topic. */
export function renderIam(infrastructure: Infrastructure, place: QueuePlace): string {
  const { policies, subscriptions, keyStatement } = infrastructure;
  const arnOf = (reference: ArnReference): string => {
    if ('arn' in reference) return reference.arn;
    if ('s3' in reference) return `arn:${partitionOf(place.region)}:s3:::${reference.s3}`;
    return queueArn(reference.queue, place);
  };
  const documents = {
    policies: Object.fromEntries(policies.map(({ name, statements }) => [name, policyDocument(statements, arnOf)])),
    ...(subscriptions.length > 0 && {
      queuePolicies: Object.fromEntries(
        subscriptions.map(({ queue, topic }) => [
          queue.name,
          { Version: '2012-10-17', Statement: [topicStatement(arnOf({ queue }), topic)] },
        ]),
      ),
    }),
    ...(keyStatement !== undefined && { keyPolicyStatement: keyStatement }),
  };
  return JSON.stringify(documents, undefined, 2);
}
