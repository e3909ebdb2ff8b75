import type { ServiceAnswer } from './http-exchange.js';

/** A failure in the shape of the SDK's errors, so that one function reads those of both data paths. */
export interface ServiceFailure extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string; clockSkewCorrected?: boolean };
  /** Set if the answer is not from the service. */
  readonly $response?: unknown;
}

/**
 * Returns the answer of a successful request.
 *
 * @throws ServiceFailure the service refused the request, or the answer is not JSON
 */
export function readAnswer<Answer>({ status, headers, text }: ServiceAnswer): Answer {
  let data: unknown;
  try {
    data = text === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw unreadable(status, cause as Error);
  }
  if (status < 300) return data as Answer;
  throw failureOf(status, headers, shapeOf(data));
}

/** Looks like what the SDK throws for an error page or a truncated answer. */
function unreadable(status: number, cause: Error): ServiceFailure {
  const error = new SyntaxError('the answer is not JSON', { cause });
  return Object.assign(error, { $metadata: { httpStatusCode: status }, $response: {} });
}

interface ErrorBody {
  readonly __type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly Message?: unknown;
}

function failureOf(status: number, headers: ServiceAnswer['headers'], body: ErrorBody): ServiceFailure {
  const { message = body.Message } = body;
  const name = [queryCode(headers), body.code, firstOf(headers['x-amzn-errortype']), body.__type].find(
    (code): code is string => typeof code === 'string' && code !== '',
  );
  const id = headers['x-amzn-requestid'];
  return Object.assign(new Error(typeof message === 'string' ? message : 'UnknownError'), {
    name: name === undefined ? 'Unknown' : bareCode(name),
    $metadata: { httpStatusCode: status, ...(typeof id === 'string' && { requestId: id }) },
  });
}

/**
 * Returns the code of the older Query protocol, which precedes other codes: `<code>;<fault>`. It names
 * errors of KMS as that service does, and the body as SQS does.
 * Source: Smithy, AWS Query compatible protocols.
 */
function queryCode(headers: ServiceAnswer['headers']): string | undefined {
  const header = firstOf(headers['x-amzn-query-error']);
  return header !== undefined && !header.startsWith('KMS.') ? header.split(';')[0] : undefined;
}

/** Returns the first of repeated headers. Proxies may repeat a header. */
function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** Removes the namespace and the address behind the name: `com.amazonaws.sqs#Name:http://…`. */
function bareCode(code: string): string {
  const [name = ''] = code.split(/[,:]/);
  return name.slice(name.indexOf('#') + 1);
}

function shapeOf(data: unknown): ErrorBody {
  return typeof data === 'object' && data !== null ? data : {};
}
