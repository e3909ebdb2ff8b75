import type {
  ChangeMessageVisibilityBatchRequestEntry,
  ChangeMessageVisibilityBatchResult,
  DeleteMessageBatchRequestEntry,
  DeleteMessageBatchResult,
  ReceiveMessageRequest,
  ReceiveMessageResult,
  SendMessageBatchRequestEntry,
  SendMessageBatchResult,
} from '@aws-sdk/client-sqs';
import type { DataPath } from './data-path.js';
import { type AnswerListener, exchange } from './exchange.js';
import { keepTracing } from './own-tracing.js';
import { KeyRenewal } from './renew-keys.js';
import type { SqsClients } from './sqs-clients.js';

/** Performs the data operations of one queue with the AWS SDK. */
export class SdkDataPath implements DataPath {
  private readonly keys: KeyRenewal;

  constructor(
    private readonly clients: SqsClients,
    private readonly queueUrl: string,
  ) {
    this.keys = new KeyRenewal(clients.main);
  }

  sendBatch(
    Entries: SendMessageBatchRequestEntry[],
    abortSignal: AbortSignal,
    onAnswer: AnswerListener<SendMessageBatchResult>,
  ): Promise<SendMessageBatchResult> {
    const { clients, queueUrl: QueueUrl } = this;
    const prepare = keepTracing(Entries);
    return this.keys.run(() => {
      const command = new clients.sdk.SendMessageBatchCommand({ QueueUrl, Entries });
      prepare(command);
      return exchange(command, () => clients.main.send(command, { abortSignal }), onAnswer);
    });
  }

  receive(
    request: Omit<ReceiveMessageRequest, 'QueueUrl'>,
    abortSignal: AbortSignal,
    onAnswer: AnswerListener<ReceiveMessageResult>,
  ): Promise<ReceiveMessageResult> {
    const { clients, queueUrl: QueueUrl } = this;
    return this.keys.run(() => {
      const command = new clients.sdk.ReceiveMessageCommand({ ...request, QueueUrl });
      return exchange(command, () => clients.receiving.send(command, { abortSignal }), onAnswer);
    });
  }

  deleteBatch(
    Entries: DeleteMessageBatchRequestEntry[],
    abortSignal: AbortSignal,
    onAnswer: AnswerListener<DeleteMessageBatchResult>,
  ): Promise<DeleteMessageBatchResult> {
    const { clients, queueUrl: QueueUrl } = this;
    return this.keys.run(() => {
      const command = new clients.sdk.DeleteMessageBatchCommand({ QueueUrl, Entries });
      return exchange(command, () => clients.main.send(command, { abortSignal }), onAnswer);
    });
  }

  changeVisibilityBatch(
    Entries: ChangeMessageVisibilityBatchRequestEntry[],
    abortSignal: AbortSignal,
    onAnswer: AnswerListener<ChangeMessageVisibilityBatchResult>,
  ): Promise<ChangeMessageVisibilityBatchResult> {
    const { clients, queueUrl: QueueUrl } = this;
    return this.keys.run(() => {
      const command = new clients.sdk.ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries });
      return exchange(command, () => clients.main.send(command, { abortSignal }), onAnswer);
    });
  }

  close(): void {
    this.clients.close();
  }
}
