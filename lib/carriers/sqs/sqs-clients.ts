import type { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings, configuredEndpoint } from './client-settings.js';
import type { ResolvedSqsQueueOptions } from './sqs-queue-options.js';
import type { SqsSdk } from './sqs-sdk.js';

/**
 * Holds the two clients of one queue, each with its own connections. A client that the application
 * passes takes both roles.
 */
export interface SqsClients {
  readonly sdk: SqsSdk;
  /** Serves all operations except receives. */
  readonly main: SQSClient;
  /** Serves long polls. Created with its first use. */
  readonly receiving: SQSClient;
  /** The client that the application passed; undefined if this library created the clients. */
  readonly given: SQSClient | undefined;
  /** Origin of a custom endpoint; undefined if no endpoint is configured. */
  readonly endpoint: string | undefined;
  /** Destroys the clients that this library created. */
  close(): void;
}

/**
 * Creates the clients of a queue, or uses the client that the application passed. Sends no request
 * to SQS.
 */
export async function createSqsClients(sdk: SqsSdk, options: ResolvedSqsQueueOptions): Promise<SqsClients> {
  const { client: given } = options;
  if (given !== undefined) {
    const client = withoutMd5Check(given);
    return {
      sdk,
      main: client,
      receiving: client,
      given,
      endpoint: await configuredEndpoint(client),
      close: () => undefined,
    };
  }
  const settings = await clientSettings(sdk, options);
  const main = new sdk.SQSClient(settings);
  // Both clients share one look-up of region and credentials, so a rotation asks the provider once.
  const { region, credentials, useFipsEndpoint, useDualstackEndpoint } = main.config;
  let receiving: SQSClient | undefined;
  return {
    sdk,
    main,
    get receiving() {
      const shared = { region, credentials, useFipsEndpoint, useDualstackEndpoint };
      return (receiving ??= new sdk.SQSClient({ ...settings, ...shared }));
    },
    given: undefined,
    endpoint: await configuredEndpoint(main),
    close() {
      main.destroy();
      receiving?.destroy();
    },
  };
}

/**
 * Wraps the application's client and leaves that client unchanged. The SDK spreads the
 * configuration, so the wrapper needs a copy of the configuration.
 */
function withoutMd5Check(client: SQSClient): SQSClient {
  const config: object = Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(client.config), md5: { value: false, enumerable: true } },
  );
  return Object.create(client, { config: { value: config } }) as SQSClient;
}
