/** Sends each event with one request of the SDK, in a process of its own. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { serveProducer } from '../flow/serve-producer.js';
import { EVENT_BYTES, eventBody } from '../kit/events.js';
import { access } from '../queue-server/start.js';

/** Names a queue. */
export interface RawOptions {
  readonly endpoint: string;
  readonly queue: string;
}

serveProducer(({ endpoint, queue }: RawOptions) => {
  const client = new SQSClient({ ...access, endpoint });
  const QueueUrl = `${endpoint}/000000000000/${queue}`;
  return Promise.resolve((i, at) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody: eventBody(i, EVENT_BYTES, at) })),
  );
});
