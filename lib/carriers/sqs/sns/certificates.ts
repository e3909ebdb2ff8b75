import { type KeyObject, X509Certificate } from 'node:crypto';
import { type Cut, withDeadline } from '../request-deadline.js';
import { BadEnvelope } from './signature.js';

/**
 * Fetches the text at a URL. Rejects if the text cannot be fetched.
 *
 * @publicApi
 */
export type FetchText = (url: string, signal: AbortSignal) => Promise<string>;

/** A certificate has about 2 KiB. */
const MAX_BYTES = 65_536;

/** HTTP statuses for a certificate that does not exist and never will. */
const NOWHERE: readonly number[] = [403, 404, 410];

/**
 * Implements {@link FetchText} with Node's own `fetch`. Requests exactly this URL and follows no
 * redirects. Refuses an answer that is too long to be a certificate. Rejects with
 * {@link BadEnvelope} if the URL has no certificate.
 */
export const fetchText: FetchText = async (url, signal) => {
  const response = await fetch(url, { redirect: 'error', signal });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    if (NOWHERE.includes(response.status)) throw new BadEnvelope(`SigningCertURL answered HTTP ${response.status}`);
    throw new Error(`SNS answered HTTP ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest of the answer.
    if (bytes > MAX_BYTES) throw new Error(`SNS answered more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const DEADLINE_MS = 3000;

/**
 * Limits the cache far above what SNS uses at a time. SNS has a certificate for each region and
 * replaces each certificate about once a year.
 */
const MAX_KEPT = 32;

/**
 * Time for which a missing certificate is cached. A sender may name the same URL again and again.
 */
const MISSING_MS = 60_000;

/**
 * Caches the certificates that SNS signs with, by URL. Fetches each certificate once, however many
 * messages wait for the certificate.
 */
export class Certificates {
  private readonly kept = new Map<string, X509Certificate>();
  private readonly missing = new Map<string, { readonly error: BadEnvelope; readonly since: number }>();
  private readonly coming = new Map<string, Promise<X509Certificate>>();

  /** @param cut ends fetches early */
  constructor(
    private readonly fetch: FetchText,
    private readonly cut: Cut,
  ) {}

  /**
   * Returns the key of the certificate at a URL that has been checked.
   *
   * @throws BadEnvelope the certificate is missing, not valid at `now`, or has no RSA key; any
   * other error: the fetch failed
   */
  async keyAt(url: string, now: number): Promise<KeyObject> {
    const certificate = this.kept.get(url) ?? (await this.get(url));
    if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo)) {
      throw new BadEnvelope('the certificate at SigningCertURL is not valid at this time');
    }
    if (certificate.publicKey.asymmetricKeyType === 'rsa') return certificate.publicKey;
    throw new BadEnvelope('the certificate at SigningCertURL has no RSA key');
  }

  private get(url: string): Promise<X509Certificate> {
    const missing = this.missing.get(url);
    if (missing !== undefined && performance.now() - missing.since < MISSING_MS) return Promise.reject(missing.error);
    const coming = this.coming.get(url) ?? this.load(url).finally(() => this.coming.delete(url));
    this.coming.set(url, coming);
    return coming;
  }

  private async load(url: string): Promise<X509Certificate> {
    const late = (): Error => new Error(`no answer within ${DEADLINE_MS} ms`);
    try {
      const text = await withDeadline({ ms: DEADLINE_MS, late, cuts: [this.cut] }, ({ signal }) =>
        this.fetch(url, signal),
      );
      const certificate = parseCertificate(text);
      keep(this.kept, url, certificate);
      return certificate;
    } catch (error) {
      if (error instanceof BadEnvelope) keep(this.missing, url, { error, since: performance.now() });
      throw error;
    }
  }
}

/** Drops the oldest entry if the map is full. */
function keep<T>(kept: Map<string, T>, url: string, value: T): void {
  kept.delete(url);
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT) kept.delete(oldest!);
  kept.set(url, value);
}

function parseCertificate(text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new BadEnvelope('there is no certificate at SigningCertURL');
  }
}
