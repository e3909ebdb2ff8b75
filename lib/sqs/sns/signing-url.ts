import { BadEnvelope } from './bad-envelope.js';

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
