import type { SqsFake } from './sqs-fake.js';

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The error's `__type` without its namespace; undefined for a success. */
  readonly error: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Sends one request to any SQS that checks no signature, without an SDK, which would refuse much of what a test of rules has to send. `queue`
 * becomes the QueueUrl.
 */
export async function call(
  { endpoint }: Pick<SqsFake, 'endpoint'>,
  action: string,
  { queue, ...input }: Readonly<Record<string, unknown>> & { readonly queue?: string },
): Promise<RawAnswer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    body: JSON.stringify({ ...(queue !== undefined && { QueueUrl: `${endpoint}/000000000000/${queue}` }), ...input }),
  });
  const body = (await response.json()) as Record<string, unknown>;
  const error = typeof body.__type === 'string' ? body.__type.replace(/^.*#/, '') : undefined;
  return { status: response.status, headers: response.headers, error, body };
}
