import type { SQSClient, SQSClientConfig } from '@aws-sdk/client-sqs';
import { describeOption } from '../../common/option-names.js';
import { invalidOption, refuseFault, type ResolvedAccess } from './access-options.js';

/**
 * Names who performs the requests for messages: `lean` builds and signs them here, `sdk` leaves them to the AWS
 * SDK.
 */
export type DataPathName = 'lean' | 'sdk';

/** Settings of the SDK that the lean data path obeys. Any other setting may change requests. */
const LEAN_SETTINGS = {
  region: true,
  endpoint: true,
  credentials: true,
  profile: true,
  maxAttempts: true,
  retryMode: true,
  retryStrategy: true,
  defaultsMode: true,
  useFipsEndpoint: true,
  useDualstackEndpoint: true,
  useQueueUrlAsEndpoint: true,
  ignoreConfiguredEndpointUrls: true,
  customUserAgent: true,
  userAgentAppId: true,
  systemClockOffset: true,
  disableHostPrefix: true,
  md5: true,
} satisfies { readonly [Name in keyof SQSClientConfig]?: true };

/** Returns a setting that only the SDK's own data path obeys, or undefined. */
function settingForSdk(config: SQSClientConfig): string | undefined {
  return Object.entries(config).find(
    ([name, value]) => value !== undefined && !Object.hasOwn(LEAN_SETTINGS, name),
  )?.[0];
}

/** Sets the default of the option for a process, so that operators can go back to the SDK without a release. */
const VARIABLE = 'NESTJS_SQS_THRIFT_DATA_PATH';

/**
 * Checks the option, and applies its default.
 *
 * @throws QueueError of kind `invalid`
 */
export function resolveDataPath(
  queue: string,
  given: DataPathName | undefined,
  { client, config }: ResolvedAccess<SQSClient, SQSClientConfig>,
): DataPathName {
  refuseFault(queue, nameFault('the option "dataPath"', given));
  const setting = client === undefined ? settingForSdk(config) : 'a ready client';
  if (given === undefined) return setting === undefined ? defaultName(queue) : 'sdk';
  if (given === 'sdk' || setting === undefined) return given;
  const subject = client === undefined ? `the setting "${setting}" of the option "client"` : setting;
  throw invalidOption(queue, `${subject} needs the data path of the SDK. Leave out dataPath: 'lean', or ${subject}.`);
}

function defaultName(queue: string): DataPathName {
  const name = process.env[VARIABLE] || 'lean';
  refuseFault(queue, nameFault(`the environment variable ${VARIABLE}`, name));
  return name as DataPathName;
}

function nameFault(subject: string, name: unknown): string | undefined {
  if (name === undefined || name === 'lean' || name === 'sdk') return undefined;
  return `${subject} must be "lean" or "sdk", got ${describeOption(name)}.`;
}
