import { type KeyObject, verify } from 'node:crypto';

/** What came is no envelope of a topic that is taken. The message says why, with nothing of the content. */
export class BadEnvelope extends Error {
  override readonly name = 'BadEnvelope';
}

/** What SNS calls its certificates; nothing else at its host is worth a request. */
const PATH = /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/;

/**
 * Checks that a certificate is asked for at SNS itself and nowhere else, whatever the envelope says: the URL may lead to no other host, port,
 * query or user, so it has to be exactly what is put together from its parts.
 *
 * @throws BadEnvelope
 */
export function checkSigningUrl(url: unknown, host: string): string {
  if (typeof url !== 'string' || !URL.canParse(url)) throw new BadEnvelope('SigningCertURL is no URL');
  const { pathname } = new URL(url);
  if (url === `https://${host}${pathname}` && PATH.test(pathname)) return url;
  throw new BadEnvelope(`SigningCertURL is none of https://${host}/SimpleNotificationService-*.pem`);
}

/** The digest that each version of the signature is made with (Amazon SNS Developer Guide, "Verifying the signatures of messages"). */
const DIGESTS: ReadonlyMap<unknown, string> = new Map([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
]);

/** What is signed of a notification, in this order; a subject only where there is one. */
const SIGNED = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

type Fields = Readonly<Record<string, unknown>>;

/** What is needed to check a signature, checked before anything is fetched for it. */
export interface SignedContent {
  readonly digest: string;
  readonly content: string;
  readonly signature: Buffer;
}

/** @throws BadEnvelope a part is missing, or the signature is of no known version */
export function readSignature(fields: Fields): SignedContent {
  const { Signature: signature, SignatureVersion: version } = fields;
  const digest = DIGESTS.get(version);
  if (digest === undefined) throw new BadEnvelope('SignatureVersion is neither 1 nor 2');
  if (typeof signature !== 'string' || !BASE64.test(signature)) throw new BadEnvelope('Signature is no base64');
  return { digest, content: signedText(fields), signature: Buffer.from(signature, 'base64') };
}

/** @throws BadEnvelope it was not signed with this key */
export function checkSignature({ digest, content, signature }: SignedContent, key: KeyObject): void {
  if (!verify(digest, Buffer.from(content, 'utf8'), key, signature)) throw new BadEnvelope('Signature is not of SNS');
}

function signedText(fields: Fields): string {
  return SIGNED.filter((name) => name !== 'Subject' || (fields[name] ?? null) !== null)
    .map((name) => {
      const value = fields[name];
      if (typeof value !== 'string') throw new BadEnvelope(`it lacks ${name}`);
      // Else lines of a message could be passed off as other fields without a change of what is signed.
      if (name !== 'Message' && value.includes('\n')) throw new BadEnvelope(`${name} has more than one line`);
      return `${name}\n${value}\n`;
    })
    .join('');
}
