/** Receives with one long poll of the SDK after another, decodes and deletes, in a process of its own. */
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Handled, serveConsumer } from '../flow/serve-consumer.js';
import { codec } from '../kit/events.js';
import { access } from '../queue-server/start.js';
import type { RawOptions } from './raw-producer.js';

serveConsumer(({ endpoint, queue }: RawOptions, handled) => {
  const client = new SQSClient({ ...access, endpoint });
  void receive(client, `${endpoint}/000000000000/${queue}`, handled);
  return Promise.resolve();
});

async function receive(client: SQSClient, QueueUrl: string, handled: Handled): Promise<never> {
  for (;;) {
    const request = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
    const { Messages = [] } = await client.send(request);
    for (const { Body } of Messages) {
      const { visit } = codec.decode(Body!)[0]!.args as { readonly visit: { readonly at: bigint } };
      handled(visit.at);
    }
    if (Messages.length === 0) continue;
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
