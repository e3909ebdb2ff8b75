import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import type { SqsQueueOptions } from '../../../lib/carriers/sqs/sqs-queue-options.js';
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

  it('refuse what is no client of the service, and no configuration', () => {
    const sqs = new SQSClient({ region: 'us-east-1' });
    const s3 = new S3Client({ region: 'us-east-1' });
    const wrong: readonly (SqsQueueOptions | SnsTopicOptions | LargePayloadOptions)[] = [
      // @ts-expect-error a number
      { queue: 'q', client: 42 } satisfies SqsQueueOptions,
      // @ts-expect-error a text
      { queue: 'q', client: 'sqs' } satisfies SqsQueueOptions,
      // @ts-expect-error a client of S3
      { queue: 'q', client: s3 } satisfies SqsQueueOptions,
      // @ts-expect-error a client of SNS
      { queue: 'q', client: new SNSClient({ region: 'us-east-1' }) } satisfies SqsQueueOptions,
      // @ts-expect-error a promise of a client
      { queue: 'q', client: Promise.resolve(sqs) } satisfies SqsQueueOptions,
      // @ts-expect-error a number
      { topic, client: 42 } satisfies SnsTopicOptions,
      // @ts-expect-error a client of SQS
      { topic, client: sqs } satisfies SnsTopicOptions,
      // @ts-expect-error a client of SQS
      { bucket: 'bodies', client: sqs } satisfies LargePayloadOptions,
    ];
    const right: readonly SqsQueueOptions[] = [
      { queue: 'q', client: sqs },
      { queue: 'q', client: { region: 'us-east-1', maxAttempts: 1, md5: false } },
    ];
    expect([wrong.length, right.length]).toEqual([8, 2]);
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
