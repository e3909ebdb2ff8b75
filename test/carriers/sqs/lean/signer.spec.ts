import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { type Keys, type RequestToSign, RequestSigner } from '#lib/carriers/sqs/lean/signer.js';

/** SHA-256 as the SDK's signer expects it. */
class Sha256 {
  private readonly hash;

  constructor(key?: unknown) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as Uint8Array);
  }

  update(data: unknown): void {
    this.hash.update(data as Uint8Array);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    throw new Error('not used');
  }
}

/** Signs as the AWS SDK does. */
async function signedBySdk(request: RequestToSign, keys: Keys, region: string, at: Date): Promise<unknown> {
  const { sessionToken, ...rest } = keys;
  const credentials = { ...rest, ...(sessionToken !== undefined && { sessionToken }) };
  const signer = new SignatureV4({ credentials, region, service: 'sqs', sha256: Sha256, applyChecksum: false });
  const { headers } = await signer.sign(
    { method: 'POST', protocol: 'https:', hostname: request.headers.host!, query: {}, ...request },
    { signingDate: at },
  );
  return headers;
}

const EXAMPLE: Keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

describe('RequestSigner', () => {
  // Source: the test suite of AWS for Signature Version 4 (aws-sig-v4-test-suite), cases with POST and no query.
  it.each<[name: string, headers: Record<string, string>, body: string, signature: string]>([
    ['post-vanilla', {}, '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'post-header-key-sort',
      { 'my-header1': 'value1' },
      '',
      'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
    ],
    [
      'post-header-value-case',
      { 'my-header1': 'VALUE1' },
      '',
      'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d',
    ],
    [
      'post-x-www-form-urlencoded',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'Param1=value1',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('signs the case %s as AWS does', (_, headers, body, signature) => {
    const signer = new RequestSigner({ region: 'us-east-1', service: 'service' });
    const request = { path: '/', headers: { host: 'example.amazonaws.com', ...headers }, body };
    const { authorization } = signer.sign(request, EXAMPLE, Date.UTC(2015, 7, 30, 12, 36));
    expect(authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
        `SignedHeaders=${['host', ...Object.keys(headers), 'x-amz-date'].sort().join(';')}, Signature=${signature}`,
    );
  });

  const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~/+=:'), minLength: 1, maxLength: 90 });
  const requests = fc.record({
    path: fc
      .array(fc.constantFrom('a', 'B c', '.', '..', '', "é'(*)!", '%41', '123'), { maxLength: 5 })
      .map((segments) => `/${segments.map(encodeURIComponent).join('/')}`),
    headers: fc
      .dictionary(fc.stringMatching(/^x-[a-z][a-z0-9-]{0,12}$/), fc.stringMatching(/^[ -~]{0,20}$/), { maxKeys: 6 })
      .map((some) => ({ host: 'sqs.eu-west-1.amazonaws.com:4566', ...some })),
    body: fc.string({ unit: 'grapheme' }),
  });
  const keys = fc.record(
    { accessKeyId: text, secretAccessKey: text },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  );

  it('signs any request as the signer of the AWS SDK does', async () => {
    const signer = new RequestSigner({ region: 'eu-west-1', service: 'sqs' });
    const property = fc.asyncProperty(
      requests,
      keys,
      fc.option(text, { nil: undefined }),
      fc.date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true }),
      async (request, pair, sessionToken, at) => {
        const all = { ...pair, sessionToken };
        const ours = { ...request.headers, ...signer.sign(request, all, at.getTime()) };
        expect(ours).toEqual(await signedBySdk(request, all, 'eu-west-1', at));
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });

  it.each([null, ''])(
    'signs without a session token that is %j, as the signer of the AWS SDK does',
    async (sessionToken) => {
      const signer = new RequestSigner({ region: 'eu-west-1', service: 'sqs' });
      const request = { path: '/', headers: { host: 'h' }, body: '{}' };
      const keys = { ...EXAMPLE, sessionToken } as Keys;
      const ours = { ...request.headers, ...signer.sign(request, keys, 0) };
      expect(Object.keys(ours)).not.toContain('x-amz-security-token');
      expect(ours).toEqual(await signedBySdk(request, keys, 'eu-west-1', new Date(0)));
    },
  );

  it('uses no key of another day, secret or region', () => {
    const request = { path: '/', headers: { host: 'h' }, body: '{}' };
    const other = { ...EXAMPLE, secretAccessKey: 'other' };
    const day = 86_400_000;
    const signer = new RequestSigner({ region: 'us-east-1', service: 'sqs' });
    const fresh = (keys: Keys, at: number): unknown =>
      new RequestSigner({ region: 'us-east-1', service: 'sqs' }).sign(request, keys, at);
    for (const [keys, at] of [
      [EXAMPLE, 0],
      [EXAMPLE, day],
      [other, day],
      [EXAMPLE, day],
      [EXAMPLE, 0],
    ] as const) {
      expect(signer.sign(request, keys, at)).toEqual(fresh(keys, at));
    }
  });

  it('signs the token and the headers of each request, although requests share their headers', () => {
    const signer = new RequestSigner({ region: 'us-east-1', service: 'sqs' });
    const shared = [
      { host: 'h', 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
      { host: 'h', 'x-amz-target': 'AmazonSQS.SendMessageBatch' },
    ];
    for (const sessionToken of ['x', 'y', undefined, '', 'x']) {
      for (const headers of shared) {
        const request = { path: '/', headers, body: '{}' };
        const keys = { ...EXAMPLE, sessionToken } as Keys;
        const fresh = new RequestSigner({ region: 'us-east-1', service: 'sqs' });
        expect(signer.sign(request, keys, 0)).toEqual(fresh.sign({ ...request, headers: { ...headers } }, keys, 0));
      }
    }
  });
});
