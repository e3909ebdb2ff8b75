import { Refusal } from './refusal.js';

/**
 * Limits the difference between a signature and the server's clock, as AWS services generally do.
 * SQS was seen to allow 15 minutes (async-aws/aws#1634), so SQS accepts every signature that is
 * accepted here.
 */
const WINDOW_MINUTES = 5;

/** Refuses what was signed too long ago or too far ahead, in the words by which SDKs know a wrong clock. */
export function checkSignatureTime(signedAt: number, now: number): void {
  const ms = WINDOW_MINUTES * 60_000;
  if (Math.abs(signedAt - now) <= ms) return;
  if (Number.isNaN(signedAt)) throw new Refusal('InvalidSignature', 'The request is not signed.');
  const [late, limit, sign] =
    signedAt < now
      ? ['Signature expired: {} is now earlier than', now - ms, '-']
      : ['Signature not yet current: {} is still later than', now + ms, '+'];
  const said = (late as string).replace('{}', basicDate(signedAt));
  throw new Refusal(
    'InvalidSignature',
    `${said} ${basicDate(limit as number)} (${basicDate(now)} ${sign} ${WINDOW_MINUTES} min.)`,
  );
}

/** `20250101T120000Z`, as signatures have it. */
function basicDate(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}
