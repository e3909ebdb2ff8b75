import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { configuredEndpoint } from '#lib/carriers/sqs/client-settings.js';
import { startEmbeddedSqs } from '#lib/testing.js';
import { EMBEDDED_DEVIATIONS } from '../embedded-server.js';
import type { SqsServer } from '../sqs-carrier.js';
import { type ContractOptions, UserError } from './options.js';

/** The SQS that a run checks. */
export interface ContractService {
  /** Names the service for people. */
  readonly title: string;
  readonly region: string;
  readonly access: Pick<SqsServer, 'region' | 'endpoint' | 'credentials'>;
  /** Creates and deletes queues. */
  readonly client: SQSClient;
  /** True for AWS, which answers late and shows new queues and messages gradually. */
  readonly isFar: boolean;
  /** Known deviations: titles of checks, each with a reason. */
  readonly deviations: Readonly<Record<string, string>>;
  /** Checks that make no sense for the service: titles, each with a reason. */
  readonly skipped: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Rules that stand-ins keep and AWS only attempts to keep. */
const FEWER = 'SQS may hand out fewer messages than a receive asks for';
const NOT_ON_AWS = {
  'hands out as many of its messages as a receive asks for': FEWER,
  'one receive brings several messages of a group': FEWER,
  'a receive returns a message group up to its first hidden message': FEWER,
};

/** Limits requests that create and delete queues, so that a run without a network ends. */
const LIMITS: SQSClientConfig = {
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
};

/**
 * Opens the SQS that the options name.
 *
 * @throws UserError there are no credentials or no region
 */
export async function openService(options: ContractOptions): Promise<ContractService> {
  if (options.target === 'aws') return ownAccount(options);
  const { region = 'us-east-1' } = options;
  const embedded = options.target === 'embedded' ? await startEmbeddedSqs({ region }) : undefined;
  const access = {
    region,
    endpoint: embedded?.endpoint ?? options.endpoint!,
    credentials: embedded?.credentials ?? { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const client = new SQSClient({ ...LIMITS, ...access });
  return {
    title: `${embedded === undefined ? 'the server' : 'the embedded SQS'} at ${access.endpoint}`,
    region,
    access,
    client,
    isFar: false,
    deviations: embedded === undefined ? {} : EMBEDDED_DEVIATIONS,
    skipped: {},
    async stop() {
      client.destroy();
      await embedded?.stop();
    },
  };
}

/** Looks up region and credentials once, so that the many queues of a run share them. */
async function ownAccount({ region: given }: ContractOptions): Promise<ContractService> {
  const client = new SQSClient({ ...LIMITS, ...(given !== undefined && { region: given }) });
  const region = await client.config.region().catch((cause: Error) => {
    throw new UserError(`There is no region: ${cause.message}. Give --region, or set AWS_REGION.`);
  });
  await client.config.credentials().catch((cause: Error) => {
    throw new UserError(
      `There are no credentials for AWS: ${cause.message}\n` +
        'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with the AWS CLI. ' +
        'Without --aws the command checks an SQS embedded in this process.',
    );
  });
  const endpoint = await configuredEndpoint(client);
  return {
    title: `AWS in ${region}${endpoint === undefined ? '' : `, at ${endpoint}`}`,
    region,
    access: { region, credentials: client.config.credentials },
    client,
    isFar: true,
    deviations: {},
    skipped: NOT_ON_AWS,
    stop: async () => client.destroy(),
  };
}
