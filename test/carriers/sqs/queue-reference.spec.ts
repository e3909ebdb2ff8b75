import { describe, expect, it } from '@jest/globals';
import { parseQueueReference, urlBeside, urlOfArn } from '../../../lib/carriers/sqs/queue-reference.js';

const standard = 'https://sqs.eu-west-1.amazonaws.com/123456789012/backup';
const vpce = 'https://vpce-0a1b2c-xyz.sqs.eu-west-1.vpce.amazonaws.com/123456789012/backup';
const old = 'https://eu-west-1.queue.amazonaws.com/123456789012/backup';
const china = 'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/backup';
const local = 'http://sqs.us-east-1.localhost:4566/000000000000/orders.fifo';
const plain = 'http://localhost:9324/queue/backup';
const oldest = 'https://queue.amazonaws.com/123456789012/backup';
const fips = 'https://sqs-fips.us-east-1.amazonaws.com/123456789012/backup';
const dual = 'https://sqs.eu-west-1.api.aws/123456789012/backup';
const both = 'https://sqs-fips.us-east-1.api.aws/123456789012/backup';
const fipsVpce = 'https://vpce-1.sqs-fips.us-east-1.vpce.amazonaws.com/123456789012/backup';
const port = 'https://sqs.eu-west-1.amazonaws.com:8443/123456789012/backup';
const other = 'https://queues.eu-west-1.amazonaws.com/123456789012/backup';

describe('parseQueueReference', () => {
  it.each([
    ['a name', 'backup', { name: 'backup' }],
    ['a FIFO name', 'backup.fifo', { name: 'backup.fifo' }],
    [
      'an ARN',
      'arn:aws:sqs:eu-west-1:123456789012:backup',
      { name: 'backup', region: 'eu-west-1', accountId: '123456789012' },
    ],
    [
      'an ARN in China',
      'arn:aws-cn:sqs:cn-north-1:123456789012:b.fifo',
      { name: 'b.fifo', region: 'cn-north-1', accountId: '123456789012' },
    ],
    ['a URL on AWS', standard, { name: 'backup', url: standard, region: 'eu-west-1' }],
    ['a URL on AWS in China', china, { name: 'backup', url: china, region: 'cn-north-1' }],
    ['an old URL on AWS', old, { name: 'backup', url: old, region: 'eu-west-1' }],
    ['a URL of a VPC endpoint', vpce, { name: 'backup', url: vpce, region: 'eu-west-1', origin: new URL(vpce).origin }],
    [
      'a URL of an emulator',
      local,
      { name: 'orders.fifo', url: local, region: 'us-east-1', origin: 'http://sqs.us-east-1.localhost:4566' },
    ],
    ['the oldest URL on AWS', oldest, { name: 'backup', url: oldest, region: 'us-east-1' }],
    ['a FIPS URL', fips, { name: 'backup', url: fips, region: 'us-east-1', fips: true }],
    ['a dual-stack URL', dual, { name: 'backup', url: dual, region: 'eu-west-1', dualStack: true }],
    [
      'a FIPS and dual-stack URL',
      both,
      { name: 'backup', url: both, region: 'us-east-1', fips: true, dualStack: true },
    ],
    [
      'a FIPS URL of a VPC endpoint',
      fipsVpce,
      { name: 'backup', url: fipsVpce, region: 'us-east-1', fips: true, origin: new URL(fipsVpce).origin },
    ],
    ['an AWS host with a port', port, { name: 'backup', url: port, region: 'eu-west-1', origin: new URL(port).origin }],
    ['an AWS host of another service', other, { name: 'backup', url: other, origin: new URL(other).origin }],
    ['a URL without a region', plain, { name: 'backup', url: plain, origin: 'http://localhost:9324' }],
  ])('parses %s as a queue reference', (_, queue, reference) => {
    expect(parseQueueReference(queue)).toEqual(reference);
  });

  it.each([
    ['an empty text', '', 'it is empty'],
    ['a name with spaces', 'my queue', 'a queue name has up to 80'],
    ['a name that is too long', 'x'.repeat(81), 'a queue name has up to 80'],
    ['a FIFO name that is too long', `${'x'.repeat(76)}.fifo`, 'a queue name has up to 80'],
    ['an ARN of SNS', 'arn:aws:sns:eu-west-1:123456789012:topic', 'an ARN has the form arn:aws:sqs:'],
    ['a URL without a queue', 'https://sqs.eu-west-1.amazonaws.com/', 'a queue name has up to 80'],
    ['a URL of another kind', 'ftp://host/1/q', 'the URL must start with http'],
    ['a URL with a password', 'https://me:secret@host/1/q', 'the URL must not contain a user name or a password'],
  ])('refuses %s as a queue reference', (_, queue, reason) => {
    const parse = (): unknown => parseQueueReference(queue);
    expect(parse).toThrow(`InvalidQueueReference: the option "queue" must be a queue's name, URL or ARN; ${reason}`);
    expect(parse).not.toThrow(/secret/);
  });
});

describe('the URL of a queue that is known otherwise', () => {
  it.each([
    ['arn:aws:sqs:eu-west-1:123456789012:q', undefined, 'https://sqs.eu-west-1.amazonaws.com/123456789012/q'],
    ['arn:aws-cn:sqs:cn-north-1:123456789012:q', undefined, 'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q'],
    ['arn:aws-iso:sqs:us-iso-east-1:123456789012:q', undefined, 'https://sqs.us-iso-east-1.c2s.ic.gov/123456789012/q'],
    ['arn:aws:sqs:eu-west-1:123456789012:q.fifo', 'http://localhost:4566', 'http://localhost:4566/123456789012/q.fifo'],
  ])('follows from the ARN %s and the endpoint %s', (arn, endpoint, url) => {
    expect(urlOfArn(parseQueueReference(arn), endpoint)).toBe(url);
  });

  it.each([
    [vpce, 'dead', vpce.replace('backup', 'dead')],
    [vpce, 'arn:aws:sqs:eu-west-1:210987654321:dead', new URL('/210987654321/dead', vpce).href],
    [plain, 'dead', 'http://localhost:9324/queue/dead'],
    [plain, 'arn:aws:sqs:eu-west-1:210987654321:dead', 'http://localhost:9324/queue/dead'],
    ['http://localhost/backup', 'dead', 'http://localhost/dead'],
  ])('follows from the URL %s beside it and %s', (url, queue, expected) => {
    expect(urlBeside(url, parseQueueReference(queue))).toBe(expected);
  });
});
