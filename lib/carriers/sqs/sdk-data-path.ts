import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { DataPath } from './data-path.js';
import { renewKeys } from './renew-keys.js';
import type { SqsClients } from './sqs-clients.js';

/** Implements the data operations of one queue with the AWS SDK. */
export function createSdkDataPath(clients: SqsClients, queueUrl: string): DataPath {
  const { main, receiving } = clients;
  const withKeys = renewKeys(main);
  return {
    sendBatch: (Entries, abortSignal) =>
      withKeys(() => main.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }), { abortSignal })),
    receive: (request, abortSignal) =>
      withKeys(() => receiving.send(new ReceiveMessageCommand({ ...request, QueueUrl: queueUrl }), { abortSignal })),
    deleteBatch: (Entries, abortSignal) =>
      withKeys(() => main.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }), { abortSignal })),
    changeVisibilityBatch: (Entries, abortSignal) =>
      withKeys(() =>
        main.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }), { abortSignal }),
      ),
    close: () => clients.close(),
  };
}
