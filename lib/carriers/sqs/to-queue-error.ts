import { QueueError } from '../../queue/queue-error.js';
import { ANSWER_TOO_LARGE } from './answer-limit.js';
import { isTlsCode, kindOfCode, kindOfStatus, normalizeCode, type RequestErrorKind } from './error-kinds.js';
import { isFailureCode, readFailure, type ReadFailure } from './read-failure.js';
import { describeLocation, type QueueLocation, type SqsOperation } from './queue-location.js';

export interface ErrorContext {
  readonly location: QueueLocation;
  readonly operation: SqsOperation;
}

/**
 * Converts any error of a request to a {@link QueueError}. The code decides first, then the HTTP
 * status. An error with neither never reached a server: its cause is in this process, so the request
 * is not repeated.
 */
export function toQueueError(error: unknown, context: ErrorContext): QueueError {
  if (error instanceof QueueError) return error;
  const failure = readFailure(error);
  const { code, detail, status } = failure;
  const kind = kindOfCode(code, detail) ?? (status === undefined ? undefined : kindOfStatus(status));
  const text = kind === undefined ? ownFailureText(failure, context) : explain(kind, failure, context);
  return new QueueError(text, { code, kind: kind ?? 'invalid', queue: context.location.name, cause: error });
}

/** Describes a batch entry that SQS refused, from the answer's list `Failed`. */
export interface FailedEntry {
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

/**
 * Converts one refused entry, as {@link toQueueError} does for a request. A known code decides
 * first, then `SenderFault` of SQS.
 */
export function toEntryError(entry: FailedEntry, context: ErrorContext): QueueError {
  const failure = {
    code: normalizeCode(isFailureCode(entry.Code) ? entry.Code : 'UnknownFailure'),
    detail: typeof entry.Message === 'string' ? entry.Message : '',
    status: undefined,
  };
  const kind = kindOfCode(failure.code, failure.detail) ?? (entry.SenderFault === true ? 'invalid' : 'service');
  return new QueueError(explain(kind, failure, context), { code: failure.code, kind, queue: context.location.name });
}

/**
 * Builds the error for an entry that the answer does not mention. The caller must send the entry
 * again.
 */
export function entryWithoutAnswer({ location, operation }: ErrorContext): QueueError {
  return new QueueError(
    `the answer of ${describeLocation(location)} to ${operation} does not mention this entry. Send the entry again.`,
    {
      code: 'NoAnswerForEntry',
      kind: 'service',
      queue: location.name,
    },
  );
}

const ACTIONS: Readonly<Record<SqsOperation, string>> = {
  CreateQueue: 'sqs:CreateQueue',
  GetQueueUrl: 'sqs:GetQueueUrl',
  GetQueueAttributes: 'sqs:GetQueueAttributes',
  SendMessageBatch: 'sqs:SendMessage',
  ReceiveMessage: 'sqs:ReceiveMessage',
  DeleteMessageBatch: 'sqs:DeleteMessage',
  ChangeMessageVisibilityBatch: 'sqs:ChangeMessageVisibility',
  PurgeQueue: 'sqs:PurgeQueue',
  SetQueueAttributes: 'sqs:SetQueueAttributes',
  StartMessageMoveTask: 'sqs:StartMessageMoveTask',
  ListMessageMoveTasks: 'sqs:ListMessageMoveTasks',
  CancelMessageMoveTask: 'sqs:CancelMessageMoveTask',
  ListDeadLetterSourceQueues: 'sqs:ListDeadLetterSourceQueues',
  GetTopicAttributes: 'sns:GetTopicAttributes',
  PublishBatch: 'sns:Publish',
  PutObject: 's3:PutObject',
  GetObject: 's3:GetObject',
  DeleteObject: 's3:DeleteObject',
};

const SERVICES = { queue: 'SQS', topic: 'SNS', bucket: 'S3' } as const;

const CLOCK_CODES = /Signature|RequestExpired/;

/**
 * Builds the error text: what happened, where, and what to do. Quotes the service's own text only
 * where it cannot contain a body or a receipt handle.
 */
function explain(kind: RequestErrorKind, failure: ReadFailure, context: ErrorContext): string {
  return TEXTS[kind](failure, context, describeLocation(context.location));
}

type Explain = (failure: ReadFailure, context: ErrorContext, where: string) => string;

const TEXTS: Readonly<Record<RequestErrorKind, Explain>> = {
  'missing-queue': ({ code }, { location }, where) =>
    code === 'QueueDeletedRecently'
      ? `${where} was deleted within the last 60 seconds. Try again in a minute.`
      : `there is no ${where}. Create it, or check its name, region and account; AWS gives the same answer for a ${kindOf(location)} that the caller may not see.`,
  denied: ({ code }, { operation }, where) => deniedText(code, operation, where),
  credentials: ({ code }, _, where) => credentialsText(code, where),
  throttled: ({ code }, _, where) => throttledText(code, where),
  'over-limit': (_, __, where) =>
    `too many messages of ${where} are in flight. Settle some messages before receiving more.`,
  invalid: (failure, context, where) => invalidText(failure, context, where),
  'too-large': (failure, context, where) => tooLargeText(failure, context, where),
  'lease-lost': (_, __, where) =>
    `the lease on this message of ${where} is over. Leave the message to its current receiver, or use a longer visibility timeout.`,
  network: (failure, { operation }, where) => networkText(failure, operation, where),
  service: (_, { operation }, where) => `${operation} failed inside the service of ${where}. Try again later.`,
};

function kindOf(location: QueueLocation): keyof typeof SERVICES {
  return location.kind ?? 'queue';
}

function deniedText(code: string, operation: SqsOperation, where: string): string {
  if (code.startsWith('Kms')) {
    return `the KMS key of ${where} cannot be used. Check the state of the key and that the caller may use it.`;
  }
  return `${operation} is not allowed on ${where}. Grant ${ACTIONS[operation]}${alsoFor(operation)}.`;
}

function alsoFor(operation: SqsOperation): string {
  if (operation === 'GetQueueUrl') return ', or give the queue by its URL';
  if (operation !== 'GetObject') return '';
  return ', and s3:ListBucket, without which S3 gives the same answer for a missing body';
}

function credentialsText(code: string, where: string): string {
  if (code === 'CredentialsProviderError' || code === 'CredentialsTimeout') {
    return `no AWS credentials were found for ${where}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, or the option "credentials".`;
  }
  const clock = CLOCK_CODES.test(code) ? ' and that the clock of this machine is right' : '';
  return `AWS did not accept the credentials for ${where}. Renew the credentials, check the account${clock}.`;
}

function throttledText(code: string, where: string): string {
  if (code === 'PurgeQueueInProgress') {
    return `${where} was purged within the last 60 seconds, and SQS allows one purge a minute. Try again in a minute.`;
  }
  return `${where} throttled the requests. Slow down, or ask AWS for a higher quota.`;
}

function invalidText({ code, detail }: ReadFailure, { location, operation }: ErrorContext, where: string): string {
  if (code.startsWith('Http')) {
    return `the answer of ${where} to ${operation} is not from ${SERVICES[kindOf(location)]}. Check the endpoint, and proxies in between.`;
  }
  if (/DeduplicationId|ContentBasedDeduplication/i.test(detail)) {
    return `${where} refused ${operation}: the queue has no content-based deduplication. Give the message a deduplication id.`;
  }
  return `${where} refused ${operation}${reasonOf(detail)}. A repeated request will be refused again.`;
}

/** Names the settings of this library and of the server that decide about sizes. */
function tooLargeText({ code, detail }: ReadFailure, { location, operation }: ErrorContext, where: string): string {
  const server = kindOf(location) === 'queue' ? ', or raise MaximumMessageSize of the queue' : '';
  const proxy = code.startsWith('Http') ? ' Raise the limit of proxies in between.' : '';
  return `${where} refused ${operation} as too large${reasonOf(detail)}. Send fewer bytes, store large bodies in S3 with largePayloads and its threshold, lower pack.maxBytes${server}.${proxy}`;
}

/** Quotes the error's own text: it is about this process, not about a message in the queue. */
function ownFailureText({ code, detail }: ReadFailure, { location, operation }: ErrorContext): string {
  const reason = oneLine(detail) || code;
  const advice =
    code === 'EndpointError'
      ? 'Correct the endpoint, or the settings for FIPS and dual-stack endpoints (AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT).'
      : 'Correct the configuration of the client, or the middleware that threw.';
  return `${operation} was not sent to ${describeLocation(location)}: ${reason}. ${advice}`;
}

/** Longest quoted text. */
const LONGEST = 300;

/** Returns the first line of a text, without characters that could disturb a log. */
function oneLine(text: string): string {
  const [line = ''] = text.slice(0, LONGEST).split(/[\r\n\u2028\u2029]/);
  return line
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim()
    .replace(/[.!]+$/, '');
}

function networkText(failure: ReadFailure, operation: SqsOperation, where: string): string {
  const { code, status } = failure;
  if (code === ANSWER_TOO_LARGE) return largeAnswerText(failure, operation, where);
  if (isTlsCode(code)) {
    return `the TLS connection to ${where} failed (${operation}). Check the endpoint, its certificate, and the authorities that this process trusts (NODE_EXTRA_CA_CERTS).`;
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return `no connection to ${where} can be opened (${operation}): all file descriptors are in use. Raise the limit of open files (ulimit -n).`;
  }
  if (status !== undefined) {
    return `the answer of ${where} to ${operation} was cut short. Try again; check proxies in between if the error persists.`;
  }
  return `${where} cannot be reached (${operation}). Check the endpoint, the region and the network.`;
}

/** A service may choose the code and the text of its errors, so only digits are quoted. */
function largeAnswerText({ detail }: ReadFailure, operation: SqsOperation, where: string): string {
  const allowed = /more than (\d{1,12}) bytes/.exec(detail)?.[1] ?? 'the allowed';
  return `the answer of ${where} to ${operation} has more than ${allowed} bytes, and was not read further. Check the endpoint, and proxies in between.`;
}

/**
 * Extracts X and Y from `Value … for parameter X is invalid. Reason: Y`. Omits the value, because
 * the value may be a body or a receipt handle.
 */
function reasonOf(detail: string): string {
  const parameter = /for parameter (\w{1,60}) is invalid/.exec(detail)?.[1];
  const reason = /Reason: ([^"]{1,200}?)\.?$/.exec(detail)?.[1];
  if (parameter === undefined && reason === undefined) return '';
  return `: ${[parameter, reason].filter((part) => part !== undefined).join(': ')}`;
}
