import { describe, expect, it } from '@jest/globals';
import * as sdk from '@aws-sdk/client-sqs';
import { GetQueueAttributesCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { requestTemplate } from '../../../lib/carriers/sqs/lean/request-template.js';
import type { QueueError } from '../../../lib/queue/queue-error.js';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import { openSnsTopic } from '../../../lib/carriers/sqs/sns/open-sns-topic.js';
import { createSqsClients } from '../../../lib/carriers/sqs/sqs-clients.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from '../../../lib/carriers/sqs/sqs-queue-options.js';
import { bareEnvironment, useBareEnvironment } from './bare-environment.js';
import { credentials } from './open-fake.js';
import { RecordedHosts } from './recorded-hosts.js';

const now = { max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 };
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:t';
const answering = () => ({ requestHandler: new RecordedHosts() }) as unknown as SQSClientConfig;
const quiet = { warn() {}, info() {}, debug() {}, error() {}, trace() {} };

useBareEnvironment();

const ACCOUNT = '123456789012';
const FIPS = { AWS_USE_FIPS_ENDPOINT: 'true' };
const DUAL = { AWS_USE_DUALSTACK_ENDPOINT: 'true' };

/** Opens a queue, receives once, and returns the hosts of all requests; or the code of the error. */
async function hostsOf(queue: string, config: object = {}, options: Partial<SqsQueueOptions> = {}): Promise<string[]> {
  const handler = new RecordedHosts({
    QueueUrl: `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/q`,
    Attributes: {},
    Messages: [],
  });
  const client = { credentials, requestHandler: handler, ...config } as unknown as SQSClientConfig;
  try {
    const opened = await openSqsQueue({ queue, client, ...options });
    await opened.receive(now);
    await opened.send([{ body: 'x' }]);
    await opened.close();
    return [...handler.seen];
  } catch (error) {
    return [(error as QueueError).code];
  }
}

/** Returns the host that a plain client of the SDK asks about the queue. */
async function plainHosts(QueueUrl: string, region: string): Promise<string[]> {
  const handler = new RecordedHosts();
  const client = new SQSClient({ region, credentials, requestHandler: handler, logger: quiet } as SQSClientConfig);
  await client.send(new GetQueueAttributesCommand({ QueueUrl }));
  return [...handler.seen];
}

/** Returns the host to which the lean data path sends requests for the queue. Sends none. */
async function leanHost(url: string): Promise<string> {
  const options = resolveSqsQueueOptions({ queue: url, credentials, dataPath: 'lean' });
  const clients = await createSqsClients(sdk, options);
  const { origin, scope } = await requestTemplate(sdk, clients.main, url);
  clients.close();
  return `${origin} ${scope.region}`;
}

describe('the host of requests to a queue', () => {
  const owners = [
    'https://vpce-0a1b-x2.sqs.eu-west-1.vpce.amazonaws.com',
    'https://vpce-0a1b-x2.sqs.us-iso-east-1.vpce.c2s.ic.gov',
    'http://localhost:9324',
    'http://127.0.0.1:4566',
    'https://sqs.internal.example.org',
    'https://sqs.eu-west-1.amazonaws.com:8443',
  ];
  const settings = [{}, FIPS, DUAL, { ...FIPS, ...DUAL }];
  it.each(owners.flatMap((origin) => settings.map((env) => [origin, env] as const)))(
    'is that of the plain SDK for a URL at %s with %j',
    async (origin, env) => {
      const region = /us-iso/.test(origin) ? 'us-iso-east-1' : 'eu-west-1';
      bareEnvironment({ ...env, AWS_REGION: region });
      const url = `${origin}/${ACCOUNT}/q`;
      const hosts = await hostsOf(url);
      expect(hosts).toEqual([`${origin} ${region}`]);
      expect(hosts).toEqual(await plainHosts(url, region));
      expect(hosts).toEqual([await leanHost(url)]);
    },
  );

  it.each<[queue: string, env: Record<string, string>, host: string]>([
    ['sqs.eu-west-1.amazonaws.com', {}, 'sqs.eu-west-1.amazonaws.com eu-west-1'],
    ['sqs.eu-west-1.amazonaws.com', DUAL, 'sqs.eu-west-1.api.aws eu-west-1'],
    ['sqs.us-east-1.amazonaws.com', FIPS, 'sqs-fips.us-east-1.amazonaws.com us-east-1'],
    ['queue.amazonaws.com', { AWS_REGION: 'eu-west-1' }, 'sqs.us-east-1.amazonaws.com us-east-1'],
    ['us-west-2.queue.amazonaws.com', {}, 'sqs.us-west-2.amazonaws.com us-west-2'],
    ['us-west-2.queue.amazonaws.com', { AWS_REGION: 'eu-west-1' }, 'sqs.us-west-2.amazonaws.com us-west-2'],
    ['sqs-fips.us-east-1.amazonaws.com', {}, 'sqs-fips.us-east-1.amazonaws.com us-east-1'],
    ['sqs-fips.us-east-1.amazonaws.com', DUAL, 'sqs-fips.us-east-1.api.aws us-east-1'],
    ['sqs.eu-west-1.api.aws', {}, 'sqs.eu-west-1.api.aws eu-west-1'],
    ['sqs.us-east-1.api.aws', FIPS, 'sqs-fips.us-east-1.api.aws us-east-1'],
    ['sqs-fips.us-west-2.api.aws', {}, 'sqs-fips.us-west-2.api.aws us-west-2'],
    ['sqs.us-gov-west-1.amazonaws.com', FIPS, 'sqs.us-gov-west-1.amazonaws.com us-gov-west-1'],
    ['sqs-fips.us-gov-west-1.amazonaws.com', {}, 'sqs.us-gov-west-1.amazonaws.com us-gov-west-1'],
    ['sqs.cn-north-1.amazonaws.com.cn', {}, 'sqs.cn-north-1.amazonaws.com.cn cn-north-1'],
    ['cn-north-1.queue.amazonaws.com.cn', {}, 'sqs.cn-north-1.amazonaws.com.cn cn-north-1'],
    ['sqs.cn-north-1.amazonaws.com.cn', DUAL, 'sqs.cn-north-1.api.amazonwebservices.com.cn cn-north-1'],
    ['sqs.us-iso-east-1.c2s.ic.gov', {}, 'sqs.us-iso-east-1.c2s.ic.gov us-iso-east-1'],
    ['us-isob-east-1.queue.sc2s.sgov.gov', {}, 'sqs.us-isob-east-1.sc2s.sgov.gov us-isob-east-1'],
    ['sqs.eusc-de-east-1.amazonaws.eu', {}, 'sqs.eusc-de-east-1.amazonaws.eu eusc-de-east-1'],
  ])('follows from the public host %s and the environment %j', async (host, env, expected) => {
    bareEnvironment(env);
    const url = `https://${host}/${ACCOUNT}/q`;
    expect(await hostsOf(url)).toEqual([`https://${expected}`]);
    expect(await leanHost(url)).toBe(`https://${expected}`);
  });

  it.each([
    ['fips-us-east-1', 'https://sqs-fips.us-east-1.amazonaws.com us-east-1'],
    ['us-gov-west-1-fips', 'https://sqs.us-gov-west-1.amazonaws.com us-gov-west-1'],
  ])('is a FIPS host for every request of the region %s', async (region, host) => {
    expect(await hostsOf('q', { region })).toEqual([host]);
  });

  it('is the configured endpoint, whatever the URL of the queue is', async () => {
    for (const host of ['sqs-fips.us-east-1.amazonaws.com', 'sqs.us-east-1.api.aws', 'queue.amazonaws.com']) {
      const url = `https://${host}/${ACCOUNT}/q`;
      expect(await hostsOf(url, { endpoint: 'http://localhost:1' })).toEqual(['http://localhost:1 us-east-1']);
      expect(await hostsOf(url, { endpoint: 'http://localhost:1', region: 'eu-west-1' })).toEqual([
        'http://localhost:1 eu-west-1',
      ]);
    }
  });
});

describe('a setting that contradicts the URL of a queue', () => {
  it.each<[host: string, config: object, code: string]>([
    ['queue.amazonaws.com', { region: 'eu-west-1' }, 'RegionMismatch'],
    ['us-west-2.queue.amazonaws.com', { region: 'us-east-1' }, 'RegionMismatch'],
    ['sqs-fips.us-east-1.amazonaws.com', { region: 'us-east-2' }, 'RegionMismatch'],
    ['sqs.us-east-1.api.aws', { region: 'us-east-2' }, 'RegionMismatch'],
    ['sqs.us-iso-east-1.c2s.ic.gov', { region: 'us-east-1' }, 'RegionMismatch'],
    ['vpce-1.sqs.eu-west-1.vpce.amazonaws.com', { region: 'us-east-1' }, 'RegionMismatch'],
    ['sqs-fips.us-east-1.amazonaws.com', { useFipsEndpoint: false }, 'EndpointMismatch'],
    ['sqs-fips.us-east-1.amazonaws.com', { useFipsEndpoint: async () => false }, 'EndpointMismatch'],
    ['vpce-1.sqs-fips.us-east-1.vpce.amazonaws.com', { useFipsEndpoint: false }, 'EndpointMismatch'],
    ['sqs.us-east-1.api.aws', { useDualstackEndpoint: false }, 'EndpointMismatch'],
  ])('is an error for the host %s and %j', async (host, config, code) => {
    expect(await hostsOf(`https://${host}/${ACCOUNT}/q`, config)).toEqual([code]);
  });

  it.each<[config: SQSClientConfig, host: string, code: string | undefined]>([
    [{ useFipsEndpoint: true }, 'sqs.us-east-1.amazonaws.com', 'EndpointMismatch'],
    [{ useFipsEndpoint: true }, 'sqs-fips.us-east-1.amazonaws.com', undefined],
    [{ useFipsEndpoint: true }, 'vpce-1.sqs.us-east-1.vpce.amazonaws.com', undefined],
    [{ useFipsEndpoint: true, useQueueUrlAsEndpoint: false }, 'sqs.us-east-1.amazonaws.com', undefined],
    [{ useQueueUrlAsEndpoint: false }, 'sqs-fips.us-east-1.amazonaws.com', 'EndpointMismatch'],
    [{}, 'sqs-fips.us-east-1.amazonaws.com', undefined],
  ])('keeps a ready client of %j at FIPS hosts of %s', async (config, host, code) => {
    const handler = new RecordedHosts();
    const settings = { region: 'us-east-1', credentials, logger: quiet, requestHandler: handler, ...config };
    const client = new SQSClient(settings as SQSClientConfig);
    const opening = openSqsQueue({ queue: `https://${host}/${ACCOUNT}/q`, client });
    const failure = await opening.then(
      () => undefined,
      (error: QueueError) => error.code,
    );
    expect(failure).toBe(code);
    if (code === undefined && !host.includes('vpce')) expect([...handler.seen].join()).toContain('//sqs-fips.');
    else if (code !== undefined) expect(handler.seen.size).toBe(0);
  });
});

describe('an environment that the SDK refuses', () => {
  const url = `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/q`;
  const largePayloads = { bucket: 'bodies' };
  it.each<[env: Record<string, string>, open: () => Promise<unknown>]>([
    [{ AWS_ENDPOINT_URL_SQS: 'localhost' }, () => openSqsQueue({ queue: url, credentials })],
    [{ AWS_ENDPOINT_URL_SNS: 'localhost' }, () => openSnsTopic({ topic: TOPIC, credentials })],
    [
      { AWS_ENDPOINT_URL_S3: 'localhost' },
      () => openSqsQueue({ queue: url, client: { credentials, ...answering() }, largePayloads }),
    ],
  ])('is an error of this process: %j', async (env, open) => {
    bareEnvironment(env);
    await expect(open()).rejects.toMatchObject({ name: 'QueueError', kind: 'invalid', retryable: false });
  });
});

describe('a setting that the SDK refuses', () => {
  it.each<[what: string, config: object, code: string]>([
    [
      'an endpoint and FIPS',
      { endpoint: 'http://localhost:1', useFipsEndpoint: true, region: 'us-east-1' },
      'EndpointError',
    ],
    ['an endpoint and a FIPS region', { endpoint: 'http://localhost:1', region: 'fips-us-east-1' }, 'EndpointError'],
    ['a region that is no host name', { region: 'us_east' }, 'RegionInvalid'],
    ['an empty region', { region: '' }, 'InvalidOption'],
  ])('is an error of this process before any request: %s', async (_, config, code) => {
    const handler = new RecordedHosts();
    const client = { credentials, requestHandler: handler, ...config } as unknown as SQSClientConfig;
    await expect(openSqsQueue({ queue: 'q', client })).rejects.toMatchObject({
      code,
      kind: 'invalid',
      retryable: false,
    });
    expect(handler.seen.size).toBe(0);
  });
});
