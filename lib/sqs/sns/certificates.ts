import { type KeyObject, X509Certificate } from 'node:crypto';
import { withDeadline, type Cut } from '../deadline.js';
import { BadEnvelope } from './bad-envelope.js';
import type { FetchText } from './fetch-text.js';

const DEADLINE_MS = 3000;

/** Far more than SNS uses at a time: it has a certificate for each region, and a new one about once a year. */
const MAX_KEPT = 32;

/** The certificates that SNS signs with, by URL: each is fetched once, however many messages wait for it, and kept. */
export class Certificates {
  private readonly kept = new Map<string, X509Certificate>();
  private readonly coming = new Map<string, Promise<X509Certificate>>();

  /** `cut` ends fetches early. */
  constructor(
    private readonly fetch: FetchText,
    private readonly cut: Cut,
  ) {}

  /**
   * The key of the certificate at a URL that has been checked.
   *
   * @throws BadEnvelope what is there is no certificate, or none that is valid at `now`; anything else: it could not be fetched
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
    const coming = this.coming.get(url) ?? this.load(url).finally(() => this.coming.delete(url));
    this.coming.set(url, coming);
    return coming;
  }

  private async load(url: string): Promise<X509Certificate> {
    const late = (): Error => new Error(`no answer within ${DEADLINE_MS} ms`);
    const text = await withDeadline({ ms: DEADLINE_MS, late, cuts: [this.cut] }, (signal) => this.fetch(url, signal));
    const certificate = parseCertificate(text);
    const [oldest] = this.kept.keys();
    if (this.kept.size >= MAX_KEPT) this.kept.delete(oldest!);
    this.kept.set(url, certificate);
    return certificate;
  }
}

function parseCertificate(text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new BadEnvelope('there is no certificate at SigningCertURL');
  }
}
