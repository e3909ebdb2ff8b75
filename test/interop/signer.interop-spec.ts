import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RequestSigner } from '#lib/carriers/sqs/lean/signer.js';
import { describeReady } from './describe-ready.js';
import { whatIsMissing } from './python-peer.js';

const REQUESTS = 500;

const key = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~/+=:'), minLength: 1, maxLength: 90 });
const segment = fc.constantFrom('a', 'B c', '.', '..', '', "é'(*)!", '%41', '123', 'orders.fifo', '漢~');
const headers = fc
  .record(
    {
      host: fc.constantFrom('sqs.eu-west-1.amazonaws.com', 'sqs-fips.us-east-1.api.aws', 'localhost:4566'),
      'content-type': fc.constantFrom('application/x-amz-json-1.0', 'application/x-www-form-urlencoded; charset=utf-8'),
      'x-amz-target': fc.constantFrom('AmazonSQS.SendMessageBatch', 'AmazonSQS.ReceiveMessage'),
      'x-amzn-query-mode': fc.constant('true'),
    },
    { requiredKeys: ['host'] },
  )
  .chain((own) =>
    fc
      .dictionary(fc.stringMatching(/^x-[a-z][a-z0-9-]{0,12}$/), fc.stringMatching(/^[ -~\t]{0,40}$/), { maxKeys: 6 })
      .map((more) => ({ ...more, ...own })),
  );

/** Requests as the lean data path might send them, each with keys, a scope and a time. */
const requests = fc.record({
  path: fc.array(segment, { maxLength: 6 }).map((parts) => `/${parts.map(encodeURIComponent).join('/')}`),
  headers,
  body: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.json(), fc.constant('é😀漢'.repeat(20_000))),
  keys: fc.record(
    { accessKeyId: key, secretAccessKey: key, sessionToken: fc.oneof(key, fc.base64String({ minLength: 800 })) },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  ),
  region: fc.constantFrom(
    'us-east-1',
    'eu-central-1',
    'cn-north-1',
    'us-gov-west-1',
    'us-iso-east-1',
    'ap-southeast-7',
  ),
  service: fc.constantFrom('sqs', 'sns'),
  // Seconds since the epoch, up to the year 2099.
  at: fc.integer({ min: 0, max: 4_070_908_800 }),
});

type SignedHeaders = Readonly<Record<string, string>>;

/** Signs with botocore, which shares no code with this library or with the AWS SDK for JavaScript. */
function signedByBotocore(inputs: readonly object[]): SignedHeaders[] {
  const input = inputs.map((each) => `${JSON.stringify(each)}\n`).join('');
  const { stdout, stderr, status } = spawnSync('build/python/bin/python', ['-B', 'test/interop/python/sign.py'], {
    input,
    encoding: 'utf8',
    maxBuffer: 67_108_864,
  });
  if (status !== 0) throw new Error(`sign.py ended with ${String(status)}: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SignedHeaders);
}

describeReady('botocore and the signer of the lean data path', whatIsMissing(), () => {
  it(`sign ${REQUESTS} random requests alike, byte for byte`, () => {
    const seed = Date.now() % 2 ** 31;
    const inputs = fc.sample(requests, { numRuns: REQUESTS, seed });
    const theirs = signedByBotocore(inputs);
    const ours = inputs.map(({ keys, region, service, at, ...request }) =>
      new RequestSigner({ region, service }).sign(request, keys, at * 1000),
    );
    expect({ seed, signed: ours }).toEqual({ seed, signed: theirs });
  }, 120_000);

  it('differ if one byte of the body differs', () => {
    const inputs = fc.sample(requests, { numRuns: 20, seed: 1 });
    const theirs = signedByBotocore(inputs.map((each) => ({ ...each, body: `${each.body} ` })));
    inputs.forEach(({ keys, region, service, at, ...request }, index) => {
      const { authorization } = new RequestSigner({ region, service }).sign(request, keys, at * 1000);
      expect(authorization).not.toBe(theirs[index]!.authorization);
    });
  });
});
