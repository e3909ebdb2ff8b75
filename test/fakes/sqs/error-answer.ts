/** Describes an error in an answer. */
export interface ErrorShape {
  readonly status: number;
  /** The value of `__type`. */
  readonly type: string;
  /** The value of `x-amzn-query-error`, from which SDKs take the code, where SQS sends that header. */
  readonly query?: string;
}

const SQS = 'com.amazonaws.sqs#';
const COMMON = 'com.amazon.coral.service#';

/** Errors of the SQS model: code of the Query API where it differs from the name, and the status (awsQueryError in the model). */
const MODELLED: Readonly<Record<string, { readonly query?: string; readonly status?: number }>> = {
  BatchEntryIdsNotDistinct: { query: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct' },
  BatchRequestTooLong: { query: 'AWS.SimpleQueueService.BatchRequestTooLong' },
  EmptyBatchRequest: { query: 'AWS.SimpleQueueService.EmptyBatchRequest' },
  InvalidAddress: { status: 404 },
  InvalidAttributeName: {},
  InvalidAttributeValue: {},
  InvalidBatchEntryId: { query: 'AWS.SimpleQueueService.InvalidBatchEntryId' },
  InvalidIdFormat: {},
  InvalidMessageContents: {},
  InvalidSecurity: { status: 403 },
  KmsAccessDenied: { query: 'KMS.AccessDeniedException' },
  KmsDisabled: { query: 'KMS.DisabledException' },
  KmsThrottled: { query: 'KMS.ThrottlingException' },
  MessageNotInflight: { query: 'AWS.SimpleQueueService.MessageNotInflight' },
  OverLimit: { status: 403 },
  PurgeQueueInProgress: { query: 'AWS.SimpleQueueService.PurgeQueueInProgress', status: 403 },
  QueueDeletedRecently: { query: 'AWS.SimpleQueueService.QueueDeletedRecently' },
  QueueDoesNotExist: { query: 'AWS.SimpleQueueService.NonExistentQueue' },
  QueueNameExists: { query: 'QueueAlreadyExists' },
  ReceiptHandleIsInvalid: { status: 404 },
  RequestThrottled: {},
  ResourceNotFoundException: { status: 404 },
  TooManyEntriesInBatchRequest: { query: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest' },
  UnsupportedOperation: { query: 'AWS.SimpleQueueService.UnsupportedOperation' },
};

/** Errors of AWS in general. Those that come before SQS itself is reached have no query code. */
const GENERAL: Readonly<Record<string, { readonly type: string; readonly query?: boolean; readonly status?: number }>> =
  {
    InvalidParameterValue: { type: 'InvalidParameterValueException', query: true },
    MissingParameter: { type: 'MissingRequiredParameterException', query: true },
    AccessDenied: { type: 'AccessDeniedException', status: 403 },
    ExpiredToken: { type: 'ExpiredTokenException', status: 403 },
    InvalidClientTokenId: { type: 'UnrecognizedClientException', status: 403 },
    InvalidSignature: { type: 'InvalidSignatureException', status: 403 },
    InternalFailure: { type: 'InternalFailure', status: 500 },
    InternalError: { type: 'InternalError', status: 500 },
    ServiceUnavailable: { type: 'ServiceUnavailable', status: 503 },
    InvalidAction: { type: 'UnknownOperationException' },
  };

/** The shape of an error by its code; an unknown code is sent as it is, with status 400. */
export function errorShape(code: string): ErrorShape {
  const modelled = MODELLED[code];
  if (modelled !== undefined) {
    return { status: modelled.status ?? 400, type: `${SQS}${code}`, query: `${modelled.query ?? code};Sender` };
  }
  const general = GENERAL[code];
  if (general === undefined) return { status: 400, type: `${COMMON}${code}` };
  return {
    status: general.status ?? 400,
    type: `${COMMON}${general.type}`,
    ...(general.query === true && { query: `${code};Sender` }),
  };
}
