import { describe, expect, it } from '@jest/globals';
import { plainHost, readSqsHost, servesFips } from '../../../lib/carriers/sqs/sqs-host.js';

/** A region of each partition, with the suffixes of its hosts. */
const PARTITIONS = [
  ['aws', 'eu-west-1', 'amazonaws.com', 'api.aws'],
  ['aws, a young region', 'mx-central-1', 'amazonaws.com', 'api.aws'],
  ['a partition that is not known yet', 'nz-north-1', 'amazonaws.com', 'api.aws'],
  ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com', 'api.aws'],
  ['aws-cn', 'cn-northwest-1', 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  ['aws-eusc', 'eusc-de-east-1', 'amazonaws.eu', 'api.amazonwebservices.eu'],
  ['aws-iso', 'us-iso-east-1', 'c2s.ic.gov', 'api.aws.ic.gov'],
  ['aws-iso-b', 'us-isob-east-1', 'sc2s.sgov.gov', 'api.aws.scloud'],
  ['aws-iso-e', 'eu-isoe-west-1', 'cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk'],
  ['aws-iso-f', 'us-isof-south-1', 'csp.hci.ic.gov', 'api.aws.hci.ic.gov'],
] as const;

const NO_FLAVOUR = { fips: false, dualStack: false, vpc: false };

describe('readSqsHost', () => {
  it.each(PARTITIONS)('reads region and flavour of every host of the partition %s', (_, region, suffix, dual) => {
    const plain = { region, ...NO_FLAVOUR };
    const expected = {
      [`sqs.${region}.${suffix}`]: plain,
      [`SQS.${region.toUpperCase()}.${suffix}`]: plain,
      [`sqs.${region}.${suffix}.`]: plain,
      [`sqs-fips.${region}.${suffix}`]: { ...plain, fips: true },
      [`sqs.${region}.${dual}`]: { ...plain, dualStack: true },
      [`sqs-fips.${region}.${dual}`]: { ...plain, fips: true, dualStack: true },
      [`${region}.queue.${suffix}`]: plain,
      [`vpce-0a1b-x2.sqs.${region}.vpce.${suffix}`]: { ...plain, vpc: true },
      [`vpce-0a1b-x2-${region}a.sqs.${region}.vpce.${suffix}`]: { ...plain, vpc: true },
      [`vpce-0a1b-x2.sqs-fips.${region}.vpce.${suffix}`]: { ...plain, vpc: true, fips: true },
    };
    const read = Object.keys(expected).map((host) => [host, readSqsHost(host)]);
    expect(Object.fromEntries(read)).toEqual(expected);
    expect(plainHost(region)).toBe(`sqs.${region}.${suffix}`);
  });

  it('reads the oldest host as us-east-1', () => {
    expect(readSqsHost('queue.amazonaws.com')).toEqual({ region: 'us-east-1', ...NO_FLAVOUR });
  });

  it.each([
    'localhost',
    '127.0.0.1',
    'sqs',
    'sqs.us-east-1.localhost',
    'sqs.us-east-1.localhost.localstack.cloud',
    'sqs.us-east-1.amazonaws.com.example.org',
    'sqs.us-east-1.amazonaws.com.cn',
    'sqs.cn-north-1.amazonaws.com',
    'sqs.us-iso-east-1.amazonaws.com',
    'sqs.amazonaws.com',
    'sns.us-east-1.amazonaws.com',
    'proxy.sqs.us-east-1.amazonaws.com',
    'us-east-1.queue.amazonaws.com.cn',
    'queue.amazonaws.com.cn',
    'sqs.us-east-1.evilamazonaws.com',
  ])('reads no region of AWS from the host %s', (host) => {
    expect(readSqsHost(host)).toBeUndefined();
  });

  it.each([
    ['sqs.us-gov-west-1.amazonaws.com', true],
    ['us-gov-west-1.queue.amazonaws.com', true],
    ['sqs.us-gov-west-1.api.aws', false],
    ['sqs-fips.us-gov-west-1.api.aws', true],
    ['sqs-fips.us-east-1.amazonaws.com', true],
    ['sqs.us-east-1.amazonaws.com', false],
  ])('decides for the host %s that FIPS is %s', (host, fips) => {
    expect(servesFips(readSqsHost(host)!)).toBe(fips);
  });
});
