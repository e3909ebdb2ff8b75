import type { QueueErrorKind } from '../../queue/queue-error.js';

/**
 * Kinds of errors that a request can fail with. Only the queue object itself knows that it is
 * closed.
 */
export type RequestErrorKind = Exclude<QueueErrorKind, 'closed'>;

/**
 * Lists the error codes of each kind. Codes decide, not the SDK's `$fault`: SQS reports throttling
 * as the client's fault. Sources: the errors and CommonErrors pages of the API References of Amazon
 * SQS, Amazon SNS and Amazon S3, and Node's network codes.
 */
const CODES: Readonly<Record<RequestErrorKind, readonly string[]>> = {
  'missing-queue': [
    'QueueDoesNotExist',
    'NonExistentQueue',
    'QueueDeletedRecently',
    'InvalidAddress',
    'NotFound',
    'NotFoundException',
    'NoSuchBucket',
  ],
  denied: [
    'AccessDenied',
    'AccessDeniedException',
    'AuthorizationError',
    'NotAuthorized',
    'OptInRequired',
    'KmsAccessDenied',
    'KmsDisabled',
    'KmsInvalidKeyUsage',
    'KmsInvalidState',
    'KmsNotFound',
    'KmsOptInRequired',
  ],
  credentials: [
    'CredentialsProviderError',
    'CredentialsTimeout',
    'TokenProviderError',
    'ExpiredToken',
    'ExpiredTokenException',
    'RequestExpired',
    'InvalidAccessKeyId',
    'InvalidClientTokenId',
    'UnrecognizedClientException',
    'InvalidSecurity',
    'InvalidSecurityException',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
    'IncompleteSignature',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
  ],
  throttled: [
    'RequestThrottled',
    'RequestThrottledException',
    'Throttled',
    'RequestLimitExceeded',
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'TooManyRequestsException',
    'SlowDown',
    'PurgeQueueInProgress',
    'KmsThrottled',
    'KmsThrottling',
  ],
  'over-limit': ['OverLimit'],
  invalid: [
    'BatchEntryIdsNotDistinct',
    'EmptyBatchRequest',
    'InvalidAttributeName',
    'InvalidAttributeValue',
    'InvalidBatchEntryId',
    'InvalidIdFormat',
    'InvalidMessageContents',
    'InvalidParameter',
    'InvalidParameterCombination',
    'InvalidParameterValue',
    'MissingParameter',
    'MissingRequiredParameterException',
    'TooManyEntriesInBatchRequest',
    'UnsupportedOperation',
    'ValidationError',
    'ValidationException',
  ],
  // The SDK adds Exception to the code of SNS. ElasticMQ answers MessageTooLong, and proxies in XML the last two.
  'too-large': [
    'BatchRequestTooLong',
    'BatchRequestTooLongException',
    'MessageTooLong',
    'RequestEntityTooLarge',
    'RequestTooLarge',
  ],
  'lease-lost': ['ReceiptHandleIsInvalid', 'MessageNotInflight'],
  network: [
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'ENETRESET',
    'EADDRNOTAVAIL',
    'EMFILE',
    'ENFILE',
    'ENOBUFS',
    'ENOTCONN',
    'EAI_FAIL',
    'EAI_NODATA',
    'EPROTO',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_STREAM_DESTROYED',
    'ERR_SOCKET_CLOSED',
    'ERR_SOCKET_CONNECTION_TIMEOUT',
    'TimeoutError',
    'AbortError',
    'HTTPParserError',
    'BrokenAnswer',
    'AnswerTooLarge',
  ],
  service: ['InternalError', 'InternalFailure', 'ServiceUnavailable', 'ServiceUnavailableException'],
};

const KIND_OF_CODE: ReadonlyMap<string, RequestErrorKind> = new Map(
  Object.entries(CODES).flatMap(([kind, codes]) => codes.map((code) => [code, kind as RequestErrorKind])),
);

/** InvalidParameterValue has many meanings. These two texts mean that the lease is over. */
const LEASE_LOST = /receipt handle (?:has|is) expired|not available for visibility timeout change/i;

/** Matches the texts of SQS, SNS and emulators about a message that is too long. Their codes are general. */
const TOO_LARGE =
  /\bmessage must be shorter than \d+ bytes|\bmessage (?:is )?too long|\brequests? cannot be longer than \d+ bytes/i;

/**
 * Reduces an error code to one form. SQS, its older Query protocol
 * (`AWS.SimpleQueueService.NonExistentQueue`) and KMS (`KMS.…`, in SNS `KMS…`) spell codes
 * differently.
 */
export function normalizeCode(code: string): string {
  const bare = code
    .replace(/^.*#/, '')
    .replace(/^AWS\.SimpleQueueService\./, '')
    .replace(/:.*$/, '');
  const kms = /^KMS\.?(\w+?)(?:Exception)?$/.exec(bare)?.[1];
  if (kms !== undefined) return `Kms${kms}`;
  return bare === 'NonExistentQueue' ? 'QueueDoesNotExist' : bare;
}

/**
 * Returns the kind of a normalized code, or undefined for an unknown code.
 *
 * @param detail the service's own message
 */
export function kindOfCode(code: string, detail = ''): RequestErrorKind | undefined {
  if (code === 'InvalidParameterValue' && LEASE_LOST.test(detail)) return 'lease-lost';
  const kind = KIND_OF_CODE.get(code);
  if (kind === 'invalid' && TOO_LARGE.test(detail)) return 'too-large';
  return kind ?? (isTlsCode(code) || CONNECTION_CODE.test(code) ? 'network' : undefined);
}

/**
 * Matches the codes of Node's HTTP parser, of HTTP/2 and of undici. An endpoint that speaks another
 * protocol causes them, or a connection that broke.
 */
const CONNECTION_CODE = /^(?:HPE_|ERR_HTTP2_|UND_ERR_)/;

/** Matches the codes of OpenSSL and Node for a certificate or a handshake that is not accepted. */
const TLS_CODE =
  /^(?:CERT_|CRL_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY|DECODE|DECRYPT)_|HOSTNAME_MISMATCH$|INVALID_CA$|PATH_LENGTH_EXCEEDED$)/;

/** True if the TLS connection to a server failed. */
export function isTlsCode(code: string): boolean {
  return TLS_CODE.test(code);
}

/**
 * Returns the kind of an HTTP status, for errors without a known code. A success status with an
 * unreadable answer means that the answer was cut short.
 */
export function kindOfStatus(status: number): RequestErrorKind {
  if (status < 400 || status === 408) return 'network';
  if (status === 401) return 'credentials';
  if (status === 403) return 'denied';
  if (status === 413) return 'too-large';
  if (status === 429) return 'throttled';
  return status < 500 ? 'invalid' : 'service';
}
