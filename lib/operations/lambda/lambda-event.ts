import { brand } from '../../common/brand.js';
import { describeOption } from '../../common/option-names.js';
import { ThriftTransportError } from '../../common/transport-error.js';
import type { LambdaRecord } from '../../carriers/sqs/invocation/lambda-record.js';

/**
 * An event that AWS Lambda makes of messages of SQS. `SQSEvent` of `@types/aws-lambda` fits.
 *
 * @publicApi
 */
export interface LambdaEvent {
  readonly Records: readonly LambdaRecord[];
}

/**
 * The part of the context of an invocation that the handler reads. `Context` of `@types/aws-lambda`
 * fits.
 *
 * @publicApi
 */
export interface LambdaContext {
  /** Returns the milliseconds until Lambda ends the invocation. */
  getRemainingTimeInMillis(): number;
}

/**
 * The answer to an event. Lambda removes all messages from the queue but those that the answer lists.
 * `SQSBatchResponse` of `@types/aws-lambda` has the same form.
 *
 * @publicApi
 */
export interface LambdaBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * Thrown for an event that no message can be read from. Lambda then keeps all messages of the event.
 *
 * @publicApi
 */
export class LambdaEventError extends ThriftTransportError {
  static {
    brand(this, 'LambdaEventError');
  }

  override readonly name = 'LambdaEventError';
  readonly code = 'lambda-event';
}

const ADVICE = 'invoke the function by an event source mapping of an SQS queue';

/**
 * Returns the records of an event.
 *
 * @throws LambdaEventError the event is none of SQS, or a record lacks what identifies a message
 */
export function recordsOf(event: LambdaEvent): readonly LambdaRecord[] {
  const records: unknown = (event as Partial<LambdaEvent> | null | undefined)?.Records;
  if (!Array.isArray(records)) throw new LambdaEventError(`the event has no list "Records"; ${ADVICE}`);
  for (const [at, record] of records.entries()) {
    const fault = faultOf(record);
    if (fault !== undefined) throw new LambdaEventError(`record ${at} of the event ${fault}; ${ADVICE}`);
  }
  return records as LambdaRecord[];
}

/** Parts without which a message can neither be handled nor be given back. */
const NEEDED = ['messageId', 'receiptHandle', 'eventSourceARN'] as const;

function faultOf(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null) return `is ${describeOption(record)}`;
  const { eventSource } = record as Partial<LambdaRecord>;
  if (eventSource !== 'aws:sqs') return `has the eventSource ${describeOption(eventSource)} and not aws:sqs`;
  const missing = NEEDED.find((name) => {
    const value: unknown = (record as Partial<LambdaRecord>)[name];
    return typeof value !== 'string' || value === '';
  });
  return missing === undefined ? undefined : `has no ${missing}`;
}
