/** Receives with one long poll after another, decodes and deletes, in a process of its own. */
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Handled, serveConsumer } from '../flow/serve-consumer.js';
import { access } from '../kit/access.js';
import { codec } from '../kit/events.js';
import { RawSqs } from '../kit/raw-sqs.js';
import { type RawOptions, urlOf } from './raw-options.js';

/** Performs the two requests of a consumer. */
interface Requests {
  readonly receive: () => Promise<{ readonly Messages?: readonly Message[] | undefined }>;
  readonly acknowledge: (entries: { Id: string; ReceiptHandle: string }[]) => Promise<unknown>;
}

const WAIT_SECONDS = 20;

serveConsumer((options: RawOptions, handled) => {
  void poll(requestsOf(options), handled);
  return Promise.resolve();
});

function requestsOf({ client, endpoint, queue }: RawOptions): Requests {
  const QueueUrl = urlOf({ endpoint, queue });
  const receive = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: WAIT_SECONDS };
  if (client === 'undici') {
    const raw = new RawSqs(endpoint, 1);
    return {
      receive: () => raw.request('ReceiveMessage', JSON.stringify(receive)),
      acknowledge: (Entries) => raw.request('DeleteMessageBatch', JSON.stringify({ QueueUrl, Entries })),
    };
  }
  const sdk = new SQSClient({ ...access, endpoint });
  return {
    receive: () => sdk.send(new ReceiveMessageCommand(receive)),
    acknowledge: (Entries) => sdk.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })),
  };
}

async function poll({ receive, acknowledge }: Requests, handled: Handled): Promise<never> {
  for (;;) {
    const { Messages = [] } = await receive();
    for (const { Body = '' } of Messages) {
      const { visit } = codec.decode(Body)[0]!.args as { readonly visit: { readonly at: bigint } };
      handled(visit.at);
    }
    if (Messages.length === 0) continue;
    await acknowledge(Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle: ReceiptHandle! })));
  }
}
