import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';

/**
 * An attribute of a message in an event of AWS Lambda.
 *
 * @publicApi
 */
export interface LambdaMessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string | undefined;
  /** Bytes as base64. */
  readonly binaryValue?: string | undefined;
}

/**
 * A message of SQS in an event of AWS Lambda. `SQSRecord` of `@types/aws-lambda` fits.
 *
 * @publicApi
 */
export interface LambdaRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Attributes that SQS sets. Numbers are text. */
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    readonly SenderId?: string | undefined;
    readonly ApproximateFirstReceiveTimestamp?: string | undefined;
    readonly AWSTraceHeader?: string | undefined;
    readonly SequenceNumber?: string | undefined;
    readonly MessageGroupId?: string | undefined;
    readonly MessageDeduplicationId?: string | undefined;
    readonly DeadLetterQueueSourceArn?: string | undefined;
  };
  readonly messageAttributes: { readonly [name: string]: LambdaMessageAttribute };
  readonly md5OfBody: string;
  readonly md5OfMessageAttributes?: string | undefined;
  readonly eventSource: string;
  /** ARN of the queue. */
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/**
 * Converts a record to the form in which ReceiveMessage returns a message, so that the rest of the
 * carrier reads both. Parts that are missing stay missing.
 */
export function toSdkMessage(record: LambdaRecord): Message {
  const { messageAttributes, md5OfMessageAttributes, attributes } = record;
  const message: Message = {
    MessageId: record.messageId,
    ReceiptHandle: record.receiptHandle,
    Body: record.body,
    MD5OfBody: record.md5OfBody,
    Attributes: attributes as NonNullable<Message['Attributes']>,
  };
  if (md5OfMessageAttributes !== undefined) message.MD5OfMessageAttributes = md5OfMessageAttributes;
  // Lambda writes an empty object for a message without attributes, where SQS writes nothing.
  const entries = Object.entries(messageAttributes ?? {});
  if (entries.length > 0) {
    const values: [string, MessageAttributeValue][] = entries.map(([name, value]) => [name, toSdkAttribute(value)]);
    message.MessageAttributes = Object.assign(
      Object.create(null) as Record<string, MessageAttributeValue>,
      Object.fromEntries(values),
    );
  }
  return message;
}

/** A value that is no attribute stays as it is, and its message counts as unreadable. */
function toSdkAttribute(attribute: LambdaMessageAttribute): MessageAttributeValue {
  if (typeof attribute !== 'object' || attribute === null) return attribute;
  const { dataType: DataType, stringValue, binaryValue } = attribute;
  return {
    DataType,
    ...(typeof stringValue === 'string' && { StringValue: stringValue }),
    ...(typeof binaryValue === 'string' && { BinaryValue: Buffer.from(binaryValue, 'base64') }),
  };
}
