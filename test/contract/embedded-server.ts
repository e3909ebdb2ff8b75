import { startEmbeddedSqs } from '#lib/testing.js';
import type { SqsServer } from './sqs-carrier.js';

/** Where fauxqs differs from SQS as documented. */
export const EMBEDDED_DEVIATIONS = {
  'a body beyond the basic plane arrives as it was sent': 'it refuses characters above U+FFFF',
  'the group id of a message arrives on a standard queue': 'it drops the group id on plain queues',
  'a received message that is sent again keeps its group id': 'it drops the group id on plain queues',
  'the queue refuses more attributes than the limit': 'it takes any number of attributes',
  'one receive brings several messages of a group': 'it hands out one message of a group at a time',
  'a receive returns a message group up to its first hidden message': 'it hands out one message of a group at a time',
};

/** Starts an embedded SQS, whose queues are created without the SDK. */
export async function startEmbeddedServer(): Promise<SqsServer> {
  const server = await startEmbeddedSqs();
  return { ...server, createQueue: async (name, attributes) => (await server.createQueue(name, { attributes })).arn };
}
