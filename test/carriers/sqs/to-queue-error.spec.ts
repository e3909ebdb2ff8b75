import { describe, expect, it } from '@jest/globals';
import { QueueError } from '../../../lib/queue/queue-error.js';
import { toEntryError, toQueueError, type ErrorContext } from '../../../lib/carriers/sqs/to-queue-error.js';

const location = { name: 'backup', region: 'eu-west-1' };
const context: ErrorContext = { location, operation: 'ReceiveMessage' };

/** An error as the SDK throws it. */
function sdkError(name: string, more: object = {}): Error {
  return Object.assign(new Error('said by the service'), { name, ...more });
}

function status(httpStatusCode: number): object {
  return { $metadata: { httpStatusCode } };
}

describe('classifyError', () => {
  it.each([
    [
      'QueueDoesNotExist',
      sdkError('QueueDoesNotExist', { Code: 'AWS.SimpleQueueService.NonExistentQueue', ...status(400) }),
      'missing-queue',
      false,
    ],
    ['QueueDoesNotExist', sdkError('AWS.SimpleQueueService.NonExistentQueue', status(400)), 'missing-queue', false],
    ['AccessDenied', sdkError('AccessDenied', status(403)), 'denied', false],
    ['KmsAccessDenied', sdkError('KmsAccessDenied', status(400)), 'denied', false],
    ['ExpiredTokenException', sdkError('ExpiredTokenException', status(403)), 'credentials', true],
    ['InvalidSignatureException', sdkError('InvalidSignatureException', status(403)), 'credentials', true],
    ['CredentialsProviderError', sdkError('CredentialsProviderError'), 'credentials', true],
    ['RequestThrottled', sdkError('RequestThrottled', { $fault: 'client', ...status(400) }), 'throttled', true],
    ['KmsThrottled', sdkError('KmsThrottled', status(400)), 'throttled', true],
    ['OverLimit', sdkError('OverLimit', status(403)), 'over-limit', true],
    ['InvalidMessageContents', sdkError('InvalidMessageContents', status(400)), 'invalid', false],
    ['BatchRequestTooLong', sdkError('BatchRequestTooLong', status(400)), 'too-large', false],
    ['MessageTooLong', sdkError('MessageTooLong', status(400)), 'too-large', false],
    ['Http413', sdkError('SyntaxError', status(413)), 'too-large', false],
    ['SomethingNew', sdkError('SomethingNew', status(413)), 'too-large', false],
    ['ReceiptHandleIsInvalid', sdkError('ReceiptHandleIsInvalid', status(404)), 'lease-lost', false],
    ['MessageNotInflight', sdkError('MessageNotInflight', status(400)), 'lease-lost', false],
    ['ECONNRESET', sdkError('TimeoutError', { code: 'ECONNRESET' }), 'network', true],
    ['ECONNREFUSED', sdkError('Error', { code: 'ECONNREFUSED' }), 'network', true],
    ['ENOTFOUND', sdkError('Error', { code: 'ENOTFOUND' }), 'network', true],
    ['ECONNREFUSED', new Error('AWS SDK error wrapper for Error: connect ECONNREFUSED 127.0.0.1:1'), 'network', true],
    ['ECONNRESET', new Error('AWS SDK error wrapper for Error: socket hang up'), 'network', true],
    ['ECONNRESET', new Error('AWS SDK error wrapper for Error: aborted\n  Deserialization error'), 'network', true],
    ['BrokenAnswer', new Error('AWS SDK error wrapper for Error: x\n  Deserialization error: see'), 'network', true],
    ['ECONNRESET', new Error('Premature close'), 'network', true],
    ['TimeoutError', sdkError('TimeoutError'), 'network', true],
    ['BrokenAnswer', sdkError('SyntaxError', status(200)), 'network', true],
    ['BrokenAnswer', sdkError('TypeError', status(200)), 'network', true],
    ['Http502', sdkError('SyntaxError', status(502)), 'service', true],
    ['InternalFailure', sdkError('InternalFailure', { $fault: 'server', ...status(500) }), 'service', true],
    ['ServiceUnavailable', sdkError('ServiceUnavailable', status(503)), 'service', true],
    ['SomethingNew', sdkError('SomethingNew', status(503)), 'service', true],
    ['SomethingNew', sdkError('SomethingNew', status(400)), 'invalid', false],
    ['SomethingNew', sdkError('SomethingNew', status(403)), 'denied', false],
    ['SomethingNew', sdkError('SomethingNew', status(429)), 'throttled', true],
    ['Http418', sdkError('Unknown', status(418)), 'invalid', false],
    ['Http400', sdkError('a line\nanother line', status(400)), 'invalid', false],
    ['Http400', sdkError('x'.repeat(129), status(400)), 'invalid', false],
    ['SomethingNew', sdkError('SomethingNew', status(301)), 'network', true],
    ['ECONNREFUSED', sdkError('TypeError', { cause: { code: 'ECONNREFUSED' } }), 'network', true],
    ['ETIMEDOUT', sdkError('AggregateError', { errors: [new Error('x'), { code: 'ETIMEDOUT' }] }), 'network', true],
    ['ECONNRESET', sdkError('Error', { code: 'ERR_PROXY', cause: { cause: { code: 'ECONNRESET' } } }), 'network', true],
    ['BrokenAnswer', sdkError('RangeError', { $response: {} }), 'network', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', sdkError('Error', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'network', true],
    ['CERT_HAS_EXPIRED', sdkError('Error', { code: 'CERT_HAS_EXPIRED' }), 'network', true],
    ['HPE_INVALID_CONSTANT', sdkError('Error', { code: 'HPE_INVALID_CONSTANT' }), 'network', true],
    ['UND_ERR_SOCKET', sdkError('Error', { code: 'UND_ERR_SOCKET' }), 'network', true],
    ['HTTPParserError', sdkError('HTTPParserError'), 'network', true],
    ['HTTPParserError', new Error('AWS SDK error wrapper for Error: Parse Error: Expected HTTP/'), 'network', true],
    ['EMFILE', sdkError('Error', { code: 'EMFILE' }), 'network', true],
    ['ENOBUFS', sdkError('Error', { code: 'ENOBUFS' }), 'network', true],
  ])('classifies the error %s as %3$s', (code, error, kind, retryable) => {
    const classified = toQueueError(error, context);
    expect({
      code: classified.code,
      kind: classified.kind,
      retryable: classified.retryable,
      queue: classified.queue,
    }).toEqual({
      code,
      kind,
      retryable,
      queue: 'backup',
    });
    expect(classified.message).toMatch(
      new RegExp(`^${code}: .*queue "backup" \\(region eu-west-1, endpoint of AWS\\).*\\.$`),
    );
    expect(classified.cause).toBe(error);
  });

  it.each<[code: string, error: unknown, reason: string]>([
    ['EndpointError', sdkError('EndpointError'), 'said by the service'],
    ['TypeError', sdkError('TypeError'), 'said by the service'],
    ['SyntaxError', sdkError('SyntaxError'), 'said by the service'],
    ['ERR_INVALID_CHAR', sdkError('TypeError', { code: 'ERR_INVALID_CHAR' }), 'said by the service'],
    ['ERR_OSSL_EVP_UNSUPPORTED', sdkError('Error', { code: 'ERR_OSSL_EVP_UNSUPPORTED' }), 'said by the service'],
    ['UnknownFailure', new Error('first line\nsecond line'), 'first line'],
    ['UnknownFailure', new Error('ends with a period.'), 'ends with a period'],
    ['UnknownFailure', Object.assign(new Error(''), { code: 7 }), 'UnknownFailure'],
    ['UnknownFailure', 'a string', 'a string'],
    ['UnknownFailure', undefined, 'UnknownFailure'],
    ['UnknownFailure', null, 'UnknownFailure'],
    ['UnknownFailure', { $metadata: { httpStatusCode: '200' } }, 'UnknownFailure'],
  ])('reports %s without a status or a network code as a failure of this process', (code, error, reason) => {
    for (const kind of ['queue', 'topic', 'bucket'] as const) {
      const place = kind === 'queue' ? location : { ...location, kind };
      const failed = toQueueError(error, { location: place, operation: 'SendMessageBatch' });
      expect(failed).toMatchObject({ code, kind: 'invalid', retryable: false });
      expect(failed.message).toContain(
        `${code}: SendMessageBatch was not sent to ${kind} "backup" (region eu-west-1, endpoint of AWS): ${reason}. Correct `,
      );
    }
  });

  it('ends although the causes of an error form a circle', () => {
    const error: Error & { cause?: unknown } = new Error('a');
    error.cause = { cause: error };
    expect(toQueueError(error, context)).toMatchObject({ kind: 'invalid' });
  });

  it('returns a QueueError unchanged', () => {
    const error = new QueueError('x', { code: 'X', kind: 'service', queue: 'q' });
    expect(toQueueError(error, context)).toBe(error);
  });

  it('says to raise the limit when no file descriptor is free', () => {
    expect(toQueueError(sdkError('Error', { code: 'EMFILE' }), context).message).toBe(
      'EMFILE: no connection to queue "backup" (region eu-west-1, endpoint of AWS) can be opened (ReceiveMessage): ' +
        'all file descriptors are in use. Raise the limit of open files (ulimit -n).',
    );
  });

  it('names the missing permission', () => {
    const error = toQueueError(sdkError('AccessDenied', status(403)), { location, operation: 'SendMessageBatch' });
    expect(error.message).toBe(
      'AccessDenied: SendMessageBatch is not allowed on queue "backup" (region eu-west-1, endpoint of AWS). Grant sqs:SendMessage.',
    );
  });

  it('names s3:GetObject and s3:ListBucket when S3 denies a body', () => {
    const error = toQueueError(sdkError('AccessDenied', status(403)), {
      location: { kind: 'bucket', name: 'bodies', region: 'eu-west-1' },
      operation: 'GetObject',
    });
    expect(error.message).toBe(
      'AccessDenied: GetObject is not allowed on bucket "bodies" (region eu-west-1, endpoint of AWS). Grant s3:GetObject, ' +
        'and s3:ListBucket, without which S3 gives the same answer for a missing body.',
    );
  });

  it('points to the endpoint when another service than SQS answers', () => {
    expect(toQueueError(sdkError('Unknown', status(404)), context).message).toBe(
      'Http404: the answer of queue "backup" (region eu-west-1, endpoint of AWS) to ReceiveMessage is not from SQS. ' +
        'Check the endpoint, and proxies in between.',
    );
  });

  it('points to the certificate when the TLS connection fails', () => {
    expect(toQueueError(sdkError('Error', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }), context).message).toBe(
      'SELF_SIGNED_CERT_IN_CHAIN: the TLS connection to queue "backup" (region eu-west-1, endpoint of AWS) failed (ReceiveMessage). ' +
        'Check the endpoint, its certificate, and the authorities that this process trusts (NODE_EXTRA_CA_CERTS).',
    );
  });

  it('points to the clock when a signature is refused', () => {
    expect(toQueueError(sdkError('InvalidSignatureException'), context).message).toContain(
      'the clock of this machine is right',
    );
    expect(toQueueError(sdkError('InvalidClientTokenId'), context).message).not.toContain('clock');
  });
});

describe('toEntryError', () => {
  it.each([
    ['InvalidMessageContents', true, 'invalid', false],
    ['ReceiptHandleIsInvalid', true, 'lease-lost', false],
    ['AWS.SimpleQueueService.MessageNotInflight', true, 'lease-lost', false],
    ['InternalError', false, 'service', true],
    ['RequestThrottled', true, 'throttled', true],
    ['KMS.ThrottlingException', true, 'throttled', true],
    ['KMS.AccessDeniedException', true, 'denied', false],
    ['KMS.DisabledException', true, 'denied', false],
    ['SomethingNew', true, 'invalid', false],
    ['SomethingNew', false, 'service', true],
    [undefined, undefined, 'service', true],
    [7 as never, false, 'service', true],
  ])('classifies the entry failure %s with SenderFault %s as %s', (Code, SenderFault, kind, retryable) => {
    expect(toEntryError({ Code, SenderFault }, context)).toMatchObject({ kind, retryable });
  });

  it.each([
    ['Value AQEBsecret for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.', 'lease-lost'],
    [
      'Value AQEBsecret for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
      'lease-lost',
    ],
    ['One or more parameters are invalid. Reason: Message must be shorter than 262144 bytes.', 'too-large'],
    ['Batch requests cannot be longer than 262144 bytes. You have sent 400000 bytes.', 'too-large'],
    ['Invalid parameter: Message too long', 'too-large'],
    ['Value x for parameter MessageGroupId is invalid. Reason: it must be shorter than 128 characters.', 'invalid'],
    [
      'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
      'invalid',
    ],
  ])('classifies InvalidParameterValue by its message: %s', (Message, kind) => {
    const error = toEntryError({ Code: 'InvalidParameterValue', Message, SenderFault: true }, context);
    expect(error.kind).toBe(kind);
    expect(error.message).not.toContain('AQEBsecret');
  });

  it('names the refused parameter and the reason without the value', () => {
    const Message =
      'Value secret-body for parameter MessageBody is invalid. Reason: Message must be shorter than 1024 bytes.';
    const error = toEntryError(
      { Code: 'InvalidParameterValue', Message, SenderFault: true },
      { location, operation: 'SendMessageBatch' },
    );
    expect(error.message).toBe(
      'InvalidParameterValue: queue "backup" (region eu-west-1, endpoint of AWS) refused SendMessageBatch as too large: MessageBody: ' +
        'Message must be shorter than 1024 bytes. Send fewer bytes, store large bodies in S3 with largePayloads and its threshold, ' +
        'lower pack.maxBytes, or raise MaximumMessageSize of the queue.',
    );
  });
});

describe('toEntryError', () => {
  it('takes no code that could disturb a log', () => {
    expect(toEntryError({ Code: 'a\nb' }, context)).toMatchObject({ code: 'UnknownFailure', kind: 'service' });
  });
});
