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
import type { AnswerListener } from './exchange.js';

/**
 * Carries the four data operations of one queue, in the shapes of the SQS API. An implementation
 * only carries requests. The queue above handles deadlines, validation, checksums and the meaning
 * of answers. An answer may be anything that a server can send.
 *
 * Each operation calls `onAnswer` as soon as the server has answered. It rejects only if the server
 * gave no answer.
 */
export interface DataPath {
  sendBatch(
    entries: SendMessageBatchRequestEntry[],
    aborts: AbortSource,
    onAnswer: AnswerListener<SendMessageBatchResult>,
  ): Promise<SendMessageBatchResult>;
  receive(
    request: Omit<ReceiveMessageRequest, 'QueueUrl'>,
    aborts: AbortSource,
    onAnswer: AnswerListener<ReceiveMessageResult>,
  ): Promise<ReceiveMessageResult>;
  deleteBatch(
    entries: DeleteMessageBatchRequestEntry[],
    aborts: AbortSource,
    onAnswer: AnswerListener<DeleteMessageBatchResult>,
  ): Promise<DeleteMessageBatchResult>;
  changeVisibilityBatch(
    entries: ChangeMessageVisibilityBatchRequestEntry[],
    aborts: AbortSource,
    onAnswer: AnswerListener<ChangeMessageVisibilityBatchResult>,
  ): Promise<ChangeMessageVisibilityBatchResult>;
  /** Closes connections. All open requests have been aborted before. */
  close(): void;
}
