import { QueueError } from '../../../queue/queue-error.js';

export interface TopicArn {
  /** Name of the topic, without region and account. */
  readonly name: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
}

/** Names of topics: Amazon SNS API Reference, CreateTopic. */
const ARN = /^arn:(aws[a-z-]*):sns:([a-z0-9-]{3,}):\d{12}:([A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo)$/;

/**
 * @throws QueueError of kind `invalid` that names the option, if the text is not the ARN of a topic
 */
export function parseTopicArn(arn: string, option: string): TopicArn {
  const [, partition, region, name] = (typeof arn === 'string' && ARN.exec(arn)) || [];
  if (partition !== undefined && region !== undefined && name !== undefined) return { name, region, partition };
  const message = `the option "${option}" must be the ARN of a topic, in the form arn:aws:sns:<region>:<account>:<name>.`;
  throw new QueueError(message, { code: 'InvalidTopicArn', kind: 'invalid', queue: '' });
}
