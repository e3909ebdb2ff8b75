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
import type { AbortSource } from '../../queue/abort-source.js';
import { RECEIVE_LIMIT } from './answer-limit.js';
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
    aborts: AbortSource,
    onAnswer: AnswerListener<SendMessageBatchResult>,
  ): Promise<SendMessageBatchResult> {
    const { clients, queueUrl: QueueUrl } = this;
    const prepare = keepTracing(Entries);
    return this.keys.run(() => {
      const command = new clients.sdk.SendMessageBatchCommand({ QueueUrl, Entries });
      prepare(command);
      return exchange(command, () => clients.main.send(command, { abortSignal: aborts.signal }), onAnswer);
    });
  }

  receive(
    request: Omit<ReceiveMessageRequest, 'QueueUrl'>,
    aborts: AbortSource,
    onAnswer: AnswerListener<ReceiveMessageResult>,
  ): Promise<ReceiveMessageResult> {
    const { clients, queueUrl: QueueUrl } = this;
    return this.keys.run(() => {
      const command = new clients.sdk.ReceiveMessageCommand({ ...request, QueueUrl });
      return exchange(
        command,
        () => clients.receiving.send(command, { abortSignal: aborts.signal }),
        onAnswer,
        RECEIVE_LIMIT,
      );
    });
  }

  deleteBatch(
    Entries: DeleteMessageBatchRequestEntry[],
    aborts: AbortSource,
    onAnswer: AnswerListener<DeleteMessageBatchResult>,
  ): Promise<DeleteMessageBatchResult> {
    const { clients, queueUrl: QueueUrl } = this;
    return this.keys.run(() => {
      const command = new clients.sdk.DeleteMessageBatchCommand({ QueueUrl, Entries });
      return exchange(command, () => clients.main.send(command, { abortSignal: aborts.signal }), onAnswer);
    });
  }

  changeVisibilityBatch(
    Entries: ChangeMessageVisibilityBatchRequestEntry[],
    aborts: AbortSource,
    onAnswer: AnswerListener<ChangeMessageVisibilityBatchResult>,
  ): Promise<ChangeMessageVisibilityBatchResult> {
    const { clients, queueUrl: QueueUrl } = this;
    return this.keys.run(() => {
      const command = new clients.sdk.ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries });
      return exchange(command, () => clients.main.send(command, { abortSignal: aborts.signal }), onAnswer);
    });
  }

  close(): void {
    this.clients.close();
  }
}
