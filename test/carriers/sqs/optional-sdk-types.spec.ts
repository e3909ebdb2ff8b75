import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { describe, expect, it } from '@jest/globals';
import type { SnsTopicOptions } from '../../../lib/carriers/sqs/sns/sns-topic-options.js';
import type { LargePayloadOptions } from '../../../lib/carriers/sqs/extended/large-payload-options.js';
import { resolveLargePayloads } from '../../../lib/carriers/sqs/extended/large-payload-options.js';
import { resolveSnsTopicOptions } from '../../../lib/carriers/sqs/sns/sns-topic-options.js';

const topic = 'arn:aws:sns:us-east-1:000000000000:backups';

describe('the options that take a client of an optional SDK package', () => {
  it('accept a ready client of the SDK', () => {
    const s3: LargePayloadOptions = { bucket: 'bodies', client: new S3Client({ region: 'us-east-1' }) };
    const sns: SnsTopicOptions = { topic, client: new SNSClient({ region: 'us-east-1' }) };
    expect(resolveLargePayloads('q', s3).access.client).toBe(s3.client);
    expect(resolveSnsTopicOptions(sns).client).toBe(sns.client);
  });

  it('accept a configuration in the types of the SDK', () => {
    const s3Config: S3ClientConfig = { maxAttempts: 7, forcePathStyle: true };
    const snsConfig: SNSClientConfig = { maxAttempts: 7, retryMode: 'adaptive' };
    const s3: LargePayloadOptions = { bucket: 'bodies', client: s3Config, credentials: s3Config.credentials };
    const sns: SnsTopicOptions = { topic, client: snsConfig, credentials: snsConfig.credentials };
    expect(resolveLargePayloads('q', s3).access.config).toMatchObject(s3Config);
    expect(resolveSnsTopicOptions(sns).config).toMatchObject(snsConfig);
  });

  it('refuse a configuration that no client of the SDK takes', () => {
    const wrong: LargePayloadOptions = {
      bucket: 'bodies',
      // @ts-expect-error the number of attempts is no flag
      client: { maxAttempts: true },
    };
    expect(wrong.bucket).toBe('bodies');
  });
});
