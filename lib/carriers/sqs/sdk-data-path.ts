import {
  type ChangeMessageVisibilityBatchRequestEntry,
  type ChangeMessageVisibilityBatchResult,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type DeleteMessageBatchRequestEntry,
  type DeleteMessageBatchResult,
  ReceiveMessageCommand,
  type ReceiveMessageRequest,
  type ReceiveMessageResult,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SendMessageBatchResult,
} from '@aws-sdk/client-sqs';
import type { DataPath } from './data-path.js';
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

  sendBatch(Entries: SendMessageBatchRequestEntry[], abortSignal: AbortSignal): Promise<SendMessageBatchResult> {
    const command = new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries });
    return this.keys.run(() => this.clients.main.send(command, { abortSignal }));
  }

  receive(request: Omit<ReceiveMessageRequest, 'QueueUrl'>, abortSignal: AbortSignal): Promise<ReceiveMessageResult> {
    const command = new ReceiveMessageCommand({ ...request, QueueUrl: this.queueUrl });
    return this.keys.run(() => this.clients.receiving.send(command, { abortSignal }));
  }

  deleteBatch(Entries: DeleteMessageBatchRequestEntry[], abortSignal: AbortSignal): Promise<DeleteMessageBatchResult> {
    const command = new DeleteMessageBatchCommand({ QueueUrl: this.queueUrl, Entries });
    return this.keys.run(() => this.clients.main.send(command, { abortSignal }));
  }

  changeVisibilityBatch(
    Entries: ChangeMessageVisibilityBatchRequestEntry[],
    abortSignal: AbortSignal,
  ): Promise<ChangeMessageVisibilityBatchResult> {
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.queueUrl, Entries });
    return this.keys.run(() => this.clients.main.send(command, { abortSignal }));
  }

  close(): void {
    this.clients.close();
  }
}
