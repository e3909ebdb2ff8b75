import { describe, expect, it } from '@jest/globals';
import type { Context, Handler, SQSBatchResponse, SQSEvent, SQSHandler, SQSRecord } from 'aws-lambda';
import type {
  LambdaBatchResponse,
  LambdaContext,
  LambdaEvent,
  LambdaHandler,
  LambdaRecord,
} from 'nestjs-sqs-thrift/lambda';

/** Compiles if a value of the first type can be given where the second is asked for. */
function fits<Given extends Asked, Asked>(): [Given, Asked] | true {
  return true;
}

describe('the types of events', () => {
  it('take those of @types/aws-lambda, and are taken by them', () => {
    const fitting = [
      fits<SQSRecord, LambdaRecord>(),
      fits<SQSEvent, LambdaEvent>(),
      fits<Context, LambdaContext>(),
      fits<LambdaBatchResponse, SQSBatchResponse>(),
      fits<SQSBatchResponse, LambdaBatchResponse>(),
      fits<LambdaHandler, Handler<SQSEvent, SQSBatchResponse>>(),
      fits<LambdaHandler, SQSHandler>(),
    ];
    expect(fitting.every((fit) => fit === true)).toBe(true);
  });
});
