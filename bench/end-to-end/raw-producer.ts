/** Sends each event with a request of its own, in a process of its own. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { serveProducer } from '../flow/serve-producer.js';
import { access } from '../kit/access.js';
import { EVENT_BYTES, eventBody } from '../kit/events.js';
import { RawSqs } from '../kit/raw-sqs.js';
import { type RawOptions, urlOf } from './raw-options.js';

serveProducer((options: RawOptions) => {
  const send = senderOf(options);
  return Promise.resolve((i, at) => send(eventBody(i, EVENT_BYTES, at)));
});

function senderOf({ client, endpoint, queue }: RawOptions): (body: string) => Promise<unknown> {
  const QueueUrl = urlOf({ endpoint, queue });
  if (client === 'undici') {
    const raw = new RawSqs(endpoint, 1);
    return (MessageBody) => raw.request('SendMessage', JSON.stringify({ QueueUrl, MessageBody }));
  }
  const sdk = new SQSClient({ ...access, endpoint });
  return (MessageBody) => sdk.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}
