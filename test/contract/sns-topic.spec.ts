import { randomUUID } from 'node:crypto';
import type { PublishBatchRequestEntry, PublishBatchResponse } from '@aws-sdk/client-sns';
import { resolveSnsEnvelope } from '../../lib/carriers/sqs/sns/sns-envelope-options.js';
import { SnsTopic } from '../../lib/carriers/sqs/sns/sns-topic.js';
import { toTopicProperties } from '../../lib/carriers/sqs/sns/sns-topic-options.js';
import { withSnsEnvelope } from '../../lib/carriers/sqs/sns/with-sns-envelope.js';
import type { Queue } from '../../lib/queue/queue.js';
import { fields, fixture, signed, TOPIC } from '../carriers/sqs/sns/envelopes.js';
import { MEMORY_PROMISES, memoryCarrier } from './memory-carrier.js';
import { runContract } from './run-contract.js';

/** Puts published messages into a queue, each in a signed envelope, as SNS does. */
async function publish(queue: Queue, entries: readonly PublishBatchRequestEntry[]): Promise<PublishBatchResponse> {
  const answer = { Successful: [] as { Id: string; MessageId: string }[], Failed: [] as never[] };
  for (const { Id, Message, MessageAttributes = {}, MessageGroupId } of entries) {
    const attributes = Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
      name,
      { Type: DataType, Value: StringValue },
    ]);
    const envelope = fields({ Message, MessageAttributes: Object.fromEntries(attributes) });
    const body = JSON.stringify(signed(envelope));
    await queue.send([{ body, ...(MessageGroupId !== undefined && { groupId: MessageGroupId }) }]);
    answer.Successful.push({ Id: Id!, MessageId: randomUUID() });
  }
  return answer;
}

function topicBefore(queue: Queue): SnsTopic {
  return new SnsTopic({
    location: { kind: 'topic', name: 'backups' },
    properties: toTopicProperties('backups', {}),
    publish: (entries) => publish(queue, entries),
    requestMs: 5000,
    release: () => undefined,
  });
}

function envelopesOf(queue: Queue): Queue {
  const envelope = { type: 'sns', topics: [TOPIC], fetch: async () => fixture('signing.pem') } as const;
  return withSnsEnvelope(queue, resolveSnsEnvelope(queue.name, envelope));
}

const features = { ...MEMORY_PROMISES.features, delay: false, resend: false };
const promises = {
  features,
  redrive: true,
  deviations: {
    'a message arrives with the id that its send returned': 'each queue of a topic gives its copy an id of its own',
    'the queue refuses more attributes than the limit':
      'SNS takes any number; raw message delivery discards the message',
  },
};

runContract('an SNS topic before a queue', promises, () =>
  memoryCarrier((queue) => ({ sender: topicBefore(queue), receiver: envelopesOf(queue) })),
);
