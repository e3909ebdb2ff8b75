import { type KeyObject, verify } from 'node:crypto';
import { BadEnvelope } from './bad-envelope.js';

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
