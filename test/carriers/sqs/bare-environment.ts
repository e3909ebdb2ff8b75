import { afterAll, afterEach, beforeAll } from '@jest/globals';

/** Environment variables by which the SDK finds a region, keys or an endpoint. */
const NAMES = [
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_SQS',
  'AWS_ENDPOINT_URL_SNS',
  'AWS_ENDPOINT_URL_S3',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
];
const original = { ...process.env };

/** Takes away whatever the machine says about AWS, then sets what is given. The SDK asks no metadata service meanwhile. */
export function bareEnvironment(more: Record<string, string> = {}): void {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    ...more,
  });
}

/** Runs the tests of a file in a bare environment and puts the original back. */
export function useBareEnvironment(): void {
  beforeAll(() => bareEnvironment());
  afterEach(() => bareEnvironment());
  afterAll(() => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, original);
  });
}
