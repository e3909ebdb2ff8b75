import { type KeyObject, X509Certificate } from 'node:crypto';
import { type Cut, withDeadline } from '../request-deadline.js';
import { BadEnvelope } from './signature.js';

/** Gets the text at a URL. Rejects when it cannot be had. */
export type FetchText = (url: string, signal: AbortSignal) => Promise<string>;

/** A certificate has some 2 KiB. */
const MAX_BYTES = 65_536;

/** Where a certificate that never was and never will be is asked for. */
const NOWHERE: readonly number[] = [403, 404, 410];

/**
 * {@link FetchText} by Node's own `fetch`: exactly this URL, and nothing that is too long to be a certificate. Rejects with
 * {@link BadEnvelope} where there is none.
 */
export const fetchText: FetchText = async (url, signal) => {
  const response = await fetch(url, { redirect: 'error', signal });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    if (NOWHERE.includes(response.status)) throw new BadEnvelope(`SigningCertURL answered HTTP ${response.status}`);
    throw new Error(`it answered HTTP ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest of the answer.
    if (bytes > MAX_BYTES) throw new Error(`it answered more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const DEADLINE_MS = 3000;

/** Far more than SNS uses at a time: it has a certificate for each region, and a new one about once a year. */
const MAX_KEPT = 32;

/** So long it is known that there is none at a URL: whoever sends may name it again and again. */
const MISSING_MS = 60_000;

/** The certificates that SNS signs with, by URL: each is fetched once, however many messages wait for it, and kept. */
export class Certificates {
  private readonly kept = new Map<string, X509Certificate>();
  private readonly missing = new Map<string, { readonly error: BadEnvelope; readonly since: number }>();
  private readonly coming = new Map<string, Promise<X509Certificate>>();

  /** `cut` ends fetches early. */
  constructor(
    private readonly fetch: FetchText,
    private readonly cut: Cut,
  ) {}

  /**
   * The key of the certificate at a URL that has been checked.
   *
   * @throws BadEnvelope there is no certificate, or none that is valid at `now`; anything else: it could not be fetched
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
      const text = await withDeadline({ ms: DEADLINE_MS, late, cuts: [this.cut] }, (signal) => this.fetch(url, signal));
      const certificate = parseCertificate(text);
      keep(this.kept, url, certificate);
      return certificate;
    } catch (error) {
      if (error instanceof BadEnvelope) keep(this.missing, url, { error, since: performance.now() });
      throw error;
    }
  }
}

/** Makes place by leaving out what was kept first. */
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
