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
 * Carries the four data operations of one queue, in the shapes of the SQS API. An implementation
 * only carries requests. The queue above handles deadlines, validation, checksums and the meaning
 * of answers. An answer may be anything that a server can send.
 */
export interface DataPath {
  sendBatch(entries: SendMessageBatchRequestEntry[], signal: AbortSignal): Promise<SendMessageBatchResult>;
  receive(request: Omit<ReceiveMessageRequest, 'QueueUrl'>, signal: AbortSignal): Promise<ReceiveMessageResult>;
  deleteBatch(entries: DeleteMessageBatchRequestEntry[], signal: AbortSignal): Promise<DeleteMessageBatchResult>;
  changeVisibilityBatch(
    entries: ChangeMessageVisibilityBatchRequestEntry[],
    signal: AbortSignal,
  ): Promise<ChangeMessageVisibilityBatchResult>;
  /** Closes connections. All open requests have been aborted before. */
  close(): void;
}
