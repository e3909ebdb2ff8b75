import { type KeyObject, verify } from 'node:crypto';

/**
 * Reports a message that is not an envelope of an accepted topic. The error text gives the reason
 * and nothing of the content.
 */
export class BadEnvelope extends Error {
  override readonly name = 'BadEnvelope';
}

/** Path of an SNS certificate. Other paths on the SNS host are never requested. */
const PATH = /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/;

/**
 * Checks that the certificate URL points to SNS itself, whatever the envelope says. The URL may
 * contain no other host, port, query or user. Therefore the URL must equal the text that is rebuilt
 * from the host and the path.
 *
 * @throws BadEnvelope
 */
export function checkSigningUrl(url: unknown, host: string): string {
  if (typeof url !== 'string' || !URL.canParse(url)) throw new BadEnvelope('SigningCertURL is not a URL');
  const { pathname } = new URL(url);
  if (url === `https://${host}${pathname}` && PATH.test(pathname)) return url;
  throw new BadEnvelope(`SigningCertURL does not match https://${host}/SimpleNotificationService-*.pem`);
}

/**
 * Digest algorithm of each signature version. Source: Amazon SNS Developer Guide, "Verifying the
 * signatures of messages".
 */
const DIGESTS: ReadonlyMap<unknown, string> = new Map([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
]);

/** Lists the signed fields of a notification, in signing order. Subject counts only if present. */
const SIGNED = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Holds the inputs of a signature check. The inputs are validated before the certificate is
 * fetched.
 */
export interface SignedContent {
  readonly digest: string;
  readonly content: string;
  readonly signature: Buffer;
}

/** @throws BadEnvelope a part is missing, or the signature version is unknown */
export function readSignature(fields: Fields): SignedContent {
  const { Signature: signature, SignatureVersion: version } = fields;
  const digest = DIGESTS.get(version);
  if (digest === undefined) throw new BadEnvelope('SignatureVersion is neither 1 nor 2');
  if (typeof signature !== 'string' || !BASE64.test(signature)) throw new BadEnvelope('Signature is not base64');
  return { digest, content: signedText(fields), signature: Buffer.from(signature, 'base64') };
}

/** @throws BadEnvelope the signature was not made with this key */
export function checkSignature({ digest, content, signature }: SignedContent, key: KeyObject): void {
  if (!verify(digest, Buffer.from(content, 'utf8'), key, signature))
    throw new BadEnvelope('Signature was not made by SNS');
}

function signedText(fields: Fields): string {
  return SIGNED.filter((name) => name !== 'Subject' || (fields[name] ?? null) !== null)
    .map((name) => {
      const value = fields[name];
      if (typeof value !== 'string') throw new BadEnvelope(`${name} is missing`);
      // Otherwise lines of the message could pose as other fields without changing the signed text.
      if (name !== 'Message' && value.includes('\n')) throw new BadEnvelope(`${name} has more than one line`);
      return `${name}\n${value}\n`;
    })
    .join('');
}
