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

/**
 * The four data operations of one queue, in the shapes of the SQS API. Whoever implements it only carries requests: deadlines,
 * validation, checksums and the meaning of answers belong to the queue above. An answer may be anything a server can send.
 */
export interface DataPath {
  sendBatch(entries: SendMessageBatchRequestEntry[], signal: AbortSignal): Promise<SendMessageBatchResult>;
  receive(request: Omit<ReceiveMessageRequest, 'QueueUrl'>, signal: AbortSignal): Promise<ReceiveMessageResult>;
  deleteBatch(entries: DeleteMessageBatchRequestEntry[], signal: AbortSignal): Promise<DeleteMessageBatchResult>;
  changeVisibilityBatch(
    entries: ChangeMessageVisibilityBatchRequestEntry[],
    signal: AbortSignal,
  ): Promise<ChangeMessageVisibilityBatchResult>;
  /** Gives back connections. Open requests have been aborted before. */
  close(): void;
}
