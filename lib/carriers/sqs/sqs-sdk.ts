import type * as Sdk from '@aws-sdk/client-sqs';
import { exportsOf, importByNode } from '../../common/optional-package.js';

/** Lists the parts of the package @aws-sdk/client-sqs that opening and using a queue needs. */
export type SqsSdk = Pick<
  typeof Sdk,
  | 'SQSClient'
  | 'GetQueueUrlCommand'
  | 'GetQueueAttributesCommand'
  | 'SendMessageBatchCommand'
  | 'ReceiveMessageCommand'
  | 'DeleteMessageBatchCommand'
  | 'ChangeMessageVisibilityBatchCommand'
>;

/** Loads the SDK with the first queue. A program that opens no queue of SQS does not pay for it. */
export async function loadSqsSdk(): Promise<SqsSdk> {
  const loaded = await import('@aws-sdk/client-sqs').catch(importByNode<SqsSdk>('@aws-sdk/client-sqs'));
  return exportsOf(loaded, 'SQSClient');
}
