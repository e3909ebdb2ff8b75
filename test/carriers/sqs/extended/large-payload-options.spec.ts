import { describe, expect, it } from '@jest/globals';
import { QueueError } from '../../../../lib/queue/queue-error.js';
import {
  resolveLargePayloads,
  type LargePayloadOptions,
} from '../../../../lib/carriers/sqs/extended/large-payload-options.js';
import { loadS3Sdk } from '../../../../lib/carriers/sqs/extended/s3-sdk.js';

describe('the options of large payloads', () => {
  it('fills in the defaults of large payloads', () => {
    expect(resolveLargePayloads('q', { bucket: 'own' })).toMatchObject({
      buckets: new Set(['own']),
      threshold: 1_048_576,
      maxBytes: 16 * 1_048_576,
      prefix: '',
      reservedAttribute: 'ExtendedPayloadSize',
      deletePayloads: true,
    });
  });

  it.each<[what: string, options: Partial<LargePayloadOptions>, text: string]>([
    ['an invalid bucket name', { bucket: 'No_Bucket' }, 'take names of S3 buckets'],
    ['no bucket', { bucket: undefined as unknown as string }, 'take names of S3 buckets'],
    ['an ARN as a bucket', { buckets: ['arn:aws:s3:::own'] }, 'take names of S3 buckets'],
    [
      'a threshold below 0',
      { threshold: -1 },
      'largePayloads.threshold must be a whole number from 0 to 1 048 576, got -1',
    ],
    [
      'a threshold over the limit',
      { threshold: 1_048_577 },
      'largePayloads.threshold must be a whole number from 0 to 1 048 576, got 1048577',
    ],
    ['a maxBytes of 0', { maxBytes: 0 }, 'largePayloads.maxBytes must be a whole number from 1 to 536 870 912, got 0'],
    ['a prefix that begins with a slash', { prefix: '/a' }, 'prefix" takes'],
    ['a prefix that goes upwards', { prefix: 'a/../b' }, 'prefix" takes'],
    ['a prefix with a dot segment', { prefix: 'a/./b' }, 'prefix" takes'],
    ['a prefix with a blank', { prefix: 'a b' }, 'prefix" takes'],
    ['a prefix that is too long', { prefix: 'a'.repeat(989) }, 'prefix" takes'],
    [
      'an unknown reserved attribute',
      { reservedAttribute: 'mine' as 'ExtendedPayloadSize' },
      'reservedAttribute" is one of',
    ],
    ['an invalid endpoint', { endpoint: 's3' }, '"endpoint" must be'],
  ])('refuses %s in the large payload options', (_, options, text) => {
    const resolve = (): unknown => resolveLargePayloads('q', { bucket: 'own', ...options });
    expect(resolve).toThrow(QueueError);
    expect(resolve).toThrow(text);
  });

  it('names the S3 package to install when the package is missing', async () => {
    const missing = Object.assign(new Error('no'), { code: 'ERR_MODULE_NOT_FOUND' });
    const loading = loadS3Sdk('q', () => Promise.reject(missing));
    await expect(loading).rejects.toMatchObject({
      code: 'PackageMissing',
      message: expect.stringContaining('npm install @aws-sdk/client-s3') as unknown,
    });
  });
});
