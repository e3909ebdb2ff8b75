import { type KeyObject, X509Certificate } from 'node:crypto';
import { setNewest } from '../../../common/newest-entries.js';
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

/** Time in ms for which a missing certificate is remembered. A sender may name the same URL again and again. */
const MISSING_MS = 60_000;
/** The same for a fetch that failed in another way. */
const FAILED_MS = 10_000;
/** Limits the URLs of failures. A sender may make up any number of them. */
const MAX_FAILED = 1_024;
/** Limits the fetches that are open, and those that start in a minute. */
const MAX_OPEN = 4;
const MAX_A_MINUTE = 20;
const MINUTE_MS = 60_000;

/** Time in ms for which one receive waits for certificates. A fetch goes on after it, and a later delivery finds it. */
const LONGEST_WAIT_MS = 1_000;

/** The time for which one receive waits for certificates. */
export interface CertificateWait {
  /** Rejects at its end. */
  readonly over: Promise<never>;
  /** Frees the timer. */
  end(): void;
}

/**
 * Caches the certificates that SNS signs with, by URL. Fetches each certificate once, however many
 * messages wait for the certificate. A sender chooses part of the URL, so failures are remembered, and
 * few fetches run: messages that wait for others are retried.
 */
export class Certificates {
  private readonly kept = new Map<string, X509Certificate>();
  private readonly failed = new Map<string, { readonly error: unknown; readonly until: number }>();
  private readonly coming = new Map<string, Promise<X509Certificate>>();
  /** Starts of the last fetches. */
  private readonly starts: number[] = [];
  /** Time until which no receive waits, since a fetch has failed or hung. */
  private hastyUntil = -Infinity;

  /** @param cut ends fetches early */
  constructor(
    private readonly fetch: FetchText,
    private readonly cut: Cut,
  ) {}

  /** Begins the wait of a receive. It has no time for a minute after a failure. */
  wait(): CertificateWait {
    const ms = performance.now() < this.hastyUntil ? 0 : LONGEST_WAIT_MS;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        if (ms > 0) this.beHasty();
        reject(new Error('it has not arrived yet'));
      }, ms);
    });
    over.catch(() => undefined);
    return { over, end: () => clearTimeout(timer) };
  }

  /**
   * Returns the key of the certificate at a URL that has been checked.
   *
   * @throws BadEnvelope the certificate is missing, not valid at `now`, or has no RSA key; any
   * other error: the fetch failed
   */
  async keyAt(url: string, now: number, { over }: CertificateWait): Promise<KeyObject> {
    const certificate = this.kept.get(url) ?? (await Promise.race([this.get(url), over]));
    if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo)) {
      throw new BadEnvelope('the certificate at SigningCertURL is not valid at this time');
    }
    if (certificate.publicKey.asymmetricKeyType === 'rsa') return certificate.publicKey;
    throw new BadEnvelope('the certificate at SigningCertURL has no RSA key');
  }

  private get(url: string): Promise<X509Certificate> {
    const failed = this.failed.get(url);
    if (failed !== undefined && performance.now() < failed.until) return Promise.reject(failed.error);
    const known = this.coming.get(url);
    if (known !== undefined) return known;
    if (!this.mayStart()) {
      return Promise.reject(new Error(`${MAX_A_MINUTE} unknown certificates were named in a minute, so others wait`));
    }
    const coming = this.load(url).finally(() => this.coming.delete(url));
    // A receive may wait no longer.
    coming.catch(() => undefined);
    this.coming.set(url, coming);
    return coming;
  }

  private mayStart(): boolean {
    const now = performance.now();
    while (this.starts.length > 0 && now - this.starts[0]! >= MINUTE_MS) this.starts.shift();
    if (this.coming.size >= MAX_OPEN || this.starts.length >= MAX_A_MINUTE) return false;
    this.starts.push(now);
    return true;
  }

  private beHasty(): void {
    this.hastyUntil = performance.now() + MINUTE_MS;
  }

  private async load(url: string): Promise<X509Certificate> {
    const late = (): Error => new Error(`no answer within ${DEADLINE_MS} ms`);
    try {
      const text = await withDeadline({ ms: DEADLINE_MS, late, cuts: [this.cut] }, ({ signal }) =>
        this.fetch(url, signal),
      );
      const certificate = parseCertificate(text);
      setNewest(this.kept, url, certificate, MAX_KEPT);
      return certificate;
    } catch (error) {
      const ms = error instanceof BadEnvelope ? MISSING_MS : FAILED_MS;
      setNewest(this.failed, url, { error, until: performance.now() + ms }, MAX_FAILED);
      this.beHasty();
      throw error;
    }
  }
}

function parseCertificate(text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new BadEnvelope('there is no certificate at SigningCertURL');
  }
}
