import * as sdk from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { requestTemplate } from '#lib/carriers/sqs/lean/request-template.js';
import { useBareEnvironment } from '../bare-environment.js';
import { credentials } from '../open-fake.js';
import { RecordedHosts } from '../recorded-hosts.js';

useBareEnvironment();

const URL_OF_QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/q';

/** Creates a client that sends nothing, and the list of hosts that its requests were for. */
function recordedClient(config: object): { readonly client: sdk.SQSClient; readonly seen: ReadonlySet<string> } {
  const handler = new RecordedHosts();
  const settings = {
    region: 'eu-west-1',
    credentials,
    requestHandler: handler,
    useQueueUrlAsEndpoint: false,
    ...config,
  };
  return { client: new sdk.SQSClient(settings as unknown as sdk.SQSClientConfig), seen: handler.seen };
}

describe('requestTemplate', () => {
  const configs: object[] = [
    {},
    ...['us-east-1', 'cn-north-1', 'us-gov-west-1', 'us-iso-east-1', 'fips-us-east-1'].map((region) => ({ region })),
    { useFipsEndpoint: true },
    { useDualstackEndpoint: true },
    { useFipsEndpoint: true, useDualstackEndpoint: true },
    { endpoint: 'http://127.0.0.1:4566' },
    { endpoint: 'http://[::1]:4566' },
    { endpoint: 'https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com' },
    { endpoint: 'https://sqs.example.org:8443/base/path' },
    { useQueueUrlAsEndpoint: true },
  ];
  it.each(configs)(
    'has the host and the region of the requests of a client with %j, and sends none',
    async (config) => {
      const { client, seen } = recordedClient(config);
      const { origin, scope } = await requestTemplate(sdk, client, URL_OF_QUEUE);
      expect(seen.size).toBe(0);
      await client.send(new sdk.SendMessageBatchCommand({ QueueUrl: URL_OF_QUEUE, Entries: [] }));
      expect([`${origin} ${scope.region}`, scope.service]).toEqual([...seen, 'sqs']);
    },
  );

  it('has the path of a custom endpoint', async () => {
    const { client } = recordedClient({ endpoint: 'https://sqs.example.org/base/path' });
    expect(await requestTemplate(sdk, client, URL_OF_QUEUE)).toMatchObject({
      origin: 'https://sqs.example.org',
      path: '/base/path/',
      headers: { host: 'sqs.example.org', 'content-type': 'application/x-amz-json-1.0' },
      target: 'AmazonSQS',
    });
  });

  it('has the user agent of the SDK, with what the application adds', async () => {
    const { client } = recordedClient({ customUserAgent: 'shop/1.0', userAgentAppId: 'orders' });
    const { userAgent } = await requestTemplate(sdk, client, URL_OF_QUEUE);
    expect(userAgent).toMatch(/^aws-sdk-js\/\S+ .*app\/orders .*shop\/1\.0/);
  });
});
