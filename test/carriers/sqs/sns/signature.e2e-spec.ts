import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { bench, CERTIFICATE_URL, type Fields, fields, fixture, signed, TOPIC } from './envelopes.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const host = 'https://sns.eu-west-1.amazonaws.com';

/** A rightly signed notification of which something was changed afterwards. */
const changed = (more: Fields): Fields => ({ ...signed(fields()), ...more });
const without = (name: string): Fields => {
  const { [name]: _gone, ...rest } = signed(fields());
  return rest;
};
/** Rightly signed, but its certificate is elsewhere: the signature does not cover the URL. */
const at = (SigningCertURL: unknown): Fields => changed({ SigningCertURL });

/** Cuts the signed fields up differently, so that the signed text stays the same. */
const cut: Fields = {
  ...signed(fields({ Message: 'a\nMessageId\n1\nSubject\nb', MessageId: '2' })),
  ...{ Message: 'a', MessageId: '1', Subject: 'b\nMessageId\n2' },
};

/** Rejected before anything is fetched. */
const UNASKED: [string, Fields | string, string][] = [
  ['text that is no JSON', 'gAEABA==', 'the body is not JSON'],
  ['JSON that is no object', '["Notification"]', 'the body is not a JSON object'],
  ['null', 'null', 'the body is not a JSON object'],
  ['an object without a type', '{"Message":"gAEABA=="}', 'the body is not a notification'],
  ['a type by way of the prototype', '{"__proto__":{"Type":"Notification"}}', 'the body is not a notification'],
  [
    'a subscription to be confirmed',
    signed(fields({ Type: 'SubscriptionConfirmation' })),
    'the body is not a notification',
  ],
  ['an unsubscription', signed(fields({ Type: 'UnsubscribeConfirmation' })), 'the body is not a notification'],
  ['a message that is no text', changed({ Message: { a: 1 } }), 'Message or TopicArn is missing'],
  ['no topic', without('TopicArn'), 'Message or TopicArn is missing'],
  ['a topic of somebody else', signed(fields({ TopicArn: TOPIC.replace('1234', '9999') })), 'its topic is not in'],
  ['a topic that only begins like ours', signed(fields({ TopicArn: `${TOPIC}-2` })), 'its topic is not in'],
  ['a topic in upper case', signed(fields({ TopicArn: TOPIC.toUpperCase() })), 'its topic is not in'],
  ['__proto__ as the topic', signed(fields({ TopicArn: '__proto__' })), 'its topic is not in'],
  ['no signature', without('Signature'), 'Signature is not base64'],
  ['an empty signature', changed({ Signature: '' }), 'Signature is not base64'],
  ['a signature that is no base64', changed({ Signature: 'EXAMPLE' }), 'Signature is not base64'],
  ['no version', without('SignatureVersion'), 'SignatureVersion is neither 1 nor 2'],
  ['an unknown version', changed({ SignatureVersion: '3' }), 'SignatureVersion is neither 1 nor 2'],
  ['a version that is a number', changed({ SignatureVersion: 1 }), 'SignatureVersion is neither 1 nor 2'],
  ['no message id', without('MessageId'), 'MessageId is missing'],
  ['no timestamp', without('Timestamp'), 'Timestamp is missing'],
  ['a part of a message as its subject', cut, 'Subject has more than one line'],
  ['a subject that is no text', changed({ Subject: 7 }), 'Subject is missing'],
  ['attributes that are a list', changed({ MessageAttributes: [] }), 'MessageAttributes is not an object'],
  ['an attribute that is text', changed({ MessageAttributes: { a: 'b' } }), 'an attribute is not an object'],
  ['an attribute without a type', changed({ MessageAttributes: { a: { Value: 'b' } } }), 'an attribute lacks its'],
  ['no certificate', without('SigningCertURL'), 'SigningCertURL is not a URL'],
  ['a certificate that is no URL', at('certificate.pem'), 'SigningCertURL is not a URL'],
  ['a list for the certificate URL', at([CERTIFICATE_URL]), 'SigningCertURL is not a URL'],
  ...[
    'https://evil.example/x.pem',
    'https://127.0.0.1/x.pem',
    'http://169.254.169.254/latest/x.pem',
    'http://sns.eu-west-1.amazonaws.com/x.pem',
    'ftp://sns.eu-west-1.amazonaws.com/x.pem',
    'file:///etc/ssl/x.pem',
    'data:text/plain,x.pem',
    'https://sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.eu-west-1.amazonaws.com.cn/x.pem',
    'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
    'https://sns.eu-west-1.amazonaws.com@evil.example/x.pem',
    'https://evil.example/sns.eu-west-1.amazonaws.com/x.pem',
    'https://evil.example#.sns.eu-west-1.amazonaws.com/x.pem',
    'https://evil.example\\.sns.eu-west-1.amazonaws.com/x.pem',
    'https://mysns.eu-west-1.amazonaws.com/x.pem',
    'https://x.sns.eu-west-1.amazonaws.com/x.pem',
    'https://s3.eu-west-1.amazonaws.com/bucket/x.pem',
    'https://sns.eu-west-1.amazonaws.com.:443/x.pem',
    'https://SNS.eu-west-1.amazonaws.com/x.pem',
    `${host}:8443/x.pem`,
    `${host}:443/x.pem`,
    `${host}/x.pem?to=https://evil.example`,
    `${host}/x.pem#y`,
    `${host}/?x.pem`,
    `${host}/x.crt`,
    `${host}/`,
    `${host}/a/../x.pem`,
    `${host}\\x.pem`,
    ` ${host}/x.pem`,
    `https://user@sns.eu-west-1.amazonaws.com/x.pem`,
    ...[
      '/x.pem',
      '/a%0d%0ab.pem',
      '/SimpleNotificationService.pem',
      '/SimpleNotificationService-.pem',
      '/SimpleNotificationService-xyz.pem',
      '/SimpleNotificationService-0A1B2C.pem',
      '/SimpleNotificationService-0a1b2c.pem.pem',
      '/SimpleNotificationService-0a1b2c.pem\n',
      '/simplenotificationservice-0a1b2c.pem',
      '/a/SimpleNotificationService-0a1b2c.pem',
      '//SimpleNotificationService-0a1b2c.pem',
      '/SimpleNotificationService-0a1b2c.pem/x.pem',
      `/SimpleNotificationService-${'0'.repeat(65)}.pem`,
    ].map((path) => `${host}${path}`),
  ].map((url): [string, Fields, string] => [
    `a certificate at ${url}`,
    at(url),
    `SigningCertURL does not match ${host}`,
  ]),
];

/** Rejected by what the certificate says. */
const ASKED: [string, Fields, string, string?][] = [
  ['another message', changed({ Message: 'gAEABB==' }), 'Signature was not made by SNS'],
  ['a message with more behind it', changed({ Message: 'gAEABA==\nMessageId\nx' }), 'Signature was not made by SNS'],
  ['another message id', changed({ MessageId: 'x' }), 'Signature was not made by SNS'],
  ['another timestamp', changed({ Timestamp: '2027-01-02T03:04:05.678Z' }), 'Signature was not made by SNS'],
  ['a subject that was not signed', changed({ Subject: 'x' }), 'Signature was not made by SNS'],
  [
    'a subject that was taken away',
    { ...signed(fields({ Subject: 'x' })), Subject: null },
    'Signature was not made by SNS',
  ],
  [
    'the signature of another message',
    changed({ Signature: signed(fields({ Message: 'x' })).Signature }),
    'not made by SNS',
  ],
  ['a signature of another key', signed(fields(), undefined, otherKey), 'Signature was not made by SNS'],
  ['version 1 with the digest of 2', signed(fields(), 'RSA-SHA256'), 'Signature was not made by SNS'],
  [
    'version 2 with the digest of 1',
    signed(fields({ SignatureVersion: '2' }), 'RSA-SHA1'),
    'Signature was not made by SNS',
  ],
  ['a signature that is too short', changed({ Signature: 'AAAA' }), 'Signature was not made by SNS'],
  ['an expired certificate', signed(fields()), 'not valid at this time', fixture('expired.pem')],
  ['a certificate of another kind', signed(fields()), 'has no RSA key', fixture('ec.pem')],
  ['a page instead of a certificate', signed(fields()), 'there is no certificate', '<html></html>'],
  ['nothing instead of a certificate', signed(fields()), 'there is no certificate', ''],
  ['a key instead of a certificate', signed(fields()), 'there is no certificate', fixture('signing-key.pem')],
];

describe('an envelope of SNS that is forged', () => {
  it('the tables list at least 70 forgeries', () => {
    expect(UNASKED.length + ASKED.length).toBeGreaterThanOrEqual(70);
  });

  it.each(UNASKED)('rejects a forged envelope before any fetch: %s', async (_, forged, why) => {
    const { receive, fetched } = bench();
    const message = await receive(typeof forged === 'string' ? forged : JSON.stringify(forged));
    expect(message.defect).toMatchObject({ reason: 'bad-envelope', detail: expect.stringContaining(why) });
    expect(message.fault).toBeUndefined();
    expect(fetched).toEqual([]);
  });

  it.each(ASKED)('rejects a forged envelope after fetching only the certificate: %s', async (...row) => {
    const [, forged, why, certificate = fixture('signing.pem')] = row;
    const { receive, fetched } = bench({ fetch: async () => certificate });
    const message = await receive(JSON.stringify(forged));
    expect(message.defect).toMatchObject({ reason: 'bad-envelope', detail: expect.stringContaining(why) });
    expect(message.fault).toBeUndefined();
    expect(fetched).toEqual([CERTIFICATE_URL]);
  });

  it('keeps the body and the attributes of a forged envelope', async () => {
    const body = JSON.stringify(changed({ Message: 'other' }));
    const message = await bench().receive(body, { outer: 'x' });
    expect(message).toMatchObject({ body, attributes: { outer: 'x' } });
    expect(message.copy).toBeUndefined();
  });

  it('leaves the content of a forged envelope out of the defect', async () => {
    const message = await bench().receive(JSON.stringify(at('https://secret.example/secret.pem')));
    expect(message.defect!.detail).not.toContain('secret');
  });
});
