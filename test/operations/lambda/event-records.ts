import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { LambdaContext, LambdaEvent, LambdaMessageAttribute, LambdaRecord } from 'nestjs-sqs-thrift/lambda';

/** Converts a message of ReceiveMessage to a record, as the event source mapping of Lambda does. */
export function toRecord(message: Message, eventSourceARN: string): LambdaRecord {
  return {
    messageId: message.MessageId!,
    receiptHandle: message.ReceiptHandle!,
    body: message.Body!,
    attributes: message.Attributes as unknown as LambdaRecord['attributes'],
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toAttribute(value)]),
    ),
    md5OfBody: message.MD5OfBody!,
    ...(message.MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: eventSourceARN.split(':')[3]!,
  };
}

function toAttribute({ DataType, StringValue, BinaryValue }: MessageAttributeValue): LambdaMessageAttribute {
  return {
    dataType: DataType!,
    // Lambda writes empty lists beside each value.
    ...{ stringListValues: [], binaryListValues: [] },
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
  };
}

/** Returns a record with a body, as Lambda writes it. */
export function recordOf(body: string, changes: Partial<LambdaRecord> & { group?: string; count?: number } = {}) {
  const { group, count = 1, ...rest } = changes;
  records += 1;
  const record: LambdaRecord = {
    messageId: `message-${records}`,
    receiptHandle: `receipt-${records}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(count),
      SentTimestamp: '1764547200000',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1764547200010',
      ...(group !== undefined && { MessageGroupId: group }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:backup',
    awsRegion: 'us-east-1',
    ...rest,
  };
  return record;
}

let records = 0;

export function eventOf(...Records: LambdaRecord[]): LambdaEvent {
  return { Records };
}

/** Returns the context of an invocation that begins now. */
export function contextOf(timeoutMs: number): LambdaContext {
  const endsAt = performance.now() + timeoutMs;
  return { getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAt - performance.now())) };
}
