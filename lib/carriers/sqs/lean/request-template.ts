import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SqsSdk } from '../sqs-sdk.js';
import type { SigningScope } from './signer.js';

/** The parts that all requests to a queue share, as the SDK resolved them. */
export interface RequestTemplate {
  /** Protocol, host and port: `https://sqs.eu-west-1.amazonaws.com`. */
  readonly origin: string;
  readonly path: string;
  /** Signed headers, but for `x-amz-target`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
  /** Name of the service in `x-amz-target`, before the operation. */
  readonly target: string;
  readonly scope: SigningScope;
}

/** An HTTP request of the SDK, by the parts that this file uses. */
interface BuiltRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Built {
  readonly request: BuiltRequest;
  readonly scope: Partial<SigningScope>;
}

/** Context in which the SDK keeps the endpoint and the way to sign. */
interface BuildContext {
  readonly endpointV2?: { readonly properties?: { readonly authSchemes?: readonly AuthScheme[] } };
}

interface AuthScheme {
  readonly signingName?: string;
  readonly signingRegion?: string;
}

/**
 * Lets the SDK build a request without sending it, so that its own rules decide: endpoint, FIPS,
 * dual-stack, region, path, content type and user agent.
 */
export async function requestTemplate(sdk: SqsSdk, client: SQSClient, queueUrl: string): Promise<RequestTemplate> {
  const { request, scope } = await build(sdk, client, queueUrl);
  const { protocol, hostname, port, path, headers } = request;
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  const { 'content-type': contentType, 'x-amz-target': target, 'x-amzn-query-mode': queryMode } = headers;
  return {
    origin: `${protocol}//${host}`,
    path,
    headers: {
      'content-type': contentType!,
      host,
      ...(queryMode !== undefined && { 'x-amzn-query-mode': queryMode }),
    },
    userAgent: headers['user-agent'] ?? '',
    target: target!.slice(0, target!.indexOf('.')),
    scope: { service: 'sqs', region: await client.config.region(), ...scope },
  };
}

/** Stops the request behind the steps that build it, and before those that sign, send and repeat it. */
async function build(sdk: SqsSdk, client: SQSClient, QueueUrl: string): Promise<Built> {
  const command = new sdk.SendMessageBatchCommand({ QueueUrl, Entries: [] });
  let built: Built | undefined;
  const stop = (_next: unknown, context: BuildContext) => (args: { readonly request: BuiltRequest }) => {
    const { signingName: service, signingRegion: region } = context.endpointV2?.properties?.authSchemes?.[0] ?? {};
    built = { request: args.request, scope: { ...(service && { service }), ...(region && { region }) } };
    return Promise.resolve({ response: {}, output: { $metadata: {} } });
  };
  command.middlewareStack.add(stop as never, { step: 'build', priority: 'low', name: 'stopBeforeSending' });
  await client.send(command);
  return built!;
}
