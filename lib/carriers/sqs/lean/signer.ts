import { hash } from 'node:crypto';

/** Access keys of AWS. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Providers that are not typed may give null or an empty text, which mean no token. */
  readonly sessionToken?: string | undefined;
}

/** Where a signature is valid. */
export interface SigningScope {
  readonly region: string;
  /** Name of the service in signatures, for example `sqs`. */
  readonly service: string;
}

/** The parts of a POST request that a signature covers. */
export interface RequestToSign {
  /** Path as it is sent, percent-encoded. */
  readonly path: string;
  /**
   * Names in lower case. Values as they are sent. Without date, token and authorization. Must not
   * change: the signer keeps the form in which it signs them.
   */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const REQUEST = 'aws4_request';
const DATE = 'x-amz-date';
/** Bytes of a block of SHA-256, to which HMAC extends its key. */
const BLOCK_BYTES = 64;

/** A key in the two forms that HMAC needs (RFC 2104). */
interface HmacKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

/** Canonical headers around the date, and the names of all. */
interface CanonicalHeaders {
  readonly before: string;
  readonly after: string;
  readonly list: string;
  /** The session token that is among them. */
  readonly token: string | undefined;
}

/** A signing key, which holds for one day. */
interface SigningKey extends HmacKey {
  readonly secret: string;
  readonly day: string;
}

/**
 * Signs POST requests without a query with Signature Version 4 of AWS. Keeps the signing key of the day.
 * HMAC is computed by two one-shot hashes, which cost a fraction of an `Hmac` object.
 *
 * Source: AWS Identity and Access Management User Guide, "Create a signed AWS API request".
 */
export class RequestSigner {
  private key: SigningKey | undefined;
  private second = NaN;
  private date = '';
  private readonly canonical = new WeakMap<RequestToSign['headers'], CanonicalHeaders>();

  constructor(private readonly scope: SigningScope) {}

  /** Returns the headers to send beside those of the request. */
  sign({ path, headers, body }: RequestToSign, keys: Keys, nowMs: number): Record<string, string> {
    const date = this.dateOf(nowMs);
    const { before, after, list } = this.canonicalHeaders(headers, keys.sessionToken);
    const canonical = `POST\n${canonicalPath(path)}\n\n${before}${date}\n${after}\n${list}\n${hash('sha256', body)}`;
    const { region, service } = this.scope;
    const day = date.slice(0, 8);
    const scope = `${day}/${region}/${service}/${REQUEST}`;
    const text = `${ALGORITHM}\n${date}\n${scope}\n${hash('sha256', canonical)}`;
    const signature = hmac(this.keyOf(keys.secretAccessKey, day), text).toString('hex');
    const authorization = `${ALGORITHM} Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${list}, Signature=${signature}`;
    return keys.sessionToken
      ? { [DATE]: date, 'x-amz-security-token': keys.sessionToken, authorization }
      : { [DATE]: date, authorization };
  }

  /** Returns the headers in the form that is signed. Requests of one operation share their headers. */
  private canonicalHeaders(headers: RequestToSign['headers'], token: string | undefined): CanonicalHeaders {
    const known = this.canonical.get(headers);
    if (known !== undefined && known.token === token) return known;
    const signed: Record<string, string> = { ...headers, [DATE]: '' };
    if (token) signed['x-amz-security-token'] = token;
    const names = Object.keys(signed).sort();
    const lines = names.map((name) => `${name}:${signed[name]!.trim().replace(/\s+/g, ' ')}`);
    const at = names.indexOf(DATE) + 1;
    const made = {
      before: lines.slice(0, at).join('\n'),
      after: lines
        .slice(at)
        .map((line) => `${line}\n`)
        .join(''),
      list: names.join(';'),
      token,
    };
    this.canonical.set(headers, made);
    return made;
  }

  /** Returns the date in the basic format of ISO 8601. Most requests share their second. */
  private dateOf(nowMs: number): string {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.second) {
      this.date = new Date(second * 1000).toISOString().replace(/[-:]|\.\d{3}/g, '');
      this.second = second;
    }
    return this.date;
  }

  private keyOf(secret: string, day: string): HmacKey {
    if (this.key?.secret === secret && this.key.day === day) return this.key;
    const { region, service } = this.scope;
    const parts = [day, region, service, REQUEST];
    const bytes = parts.reduce<Buffer>((key, part) => hmac(hmacKey(key), part), Buffer.from(`AWS4${secret}`));
    this.key = { ...hmacKey(bytes), secret, day };
    return this.key;
  }
}

function hmacKey(bytes: Buffer): HmacKey {
  const short = bytes.length > BLOCK_BYTES ? hash('sha256', bytes, 'buffer') : bytes;
  const block = Buffer.alloc(BLOCK_BYTES);
  short.copy(block);
  return { inner: block.map((byte) => byte ^ 0x36) as Buffer, outer: block.map((byte) => byte ^ 0x5c) as Buffer };
}

function hmac({ inner, outer }: HmacKey, text: string): Buffer {
  const digest = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
  return hash('sha256', Buffer.concat([outer, digest]), 'buffer');
}

/** Removes empty and dot segments, and encodes the path again: services but S3 expect both. */
function canonicalPath(path: string): string {
  if (path === '/') return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const end = path.endsWith('/') && segments.length > 0 ? '/' : '';
  return `/${segments.map(encoded).join('/')}${end}`;
}

/** Encodes what is not unreserved (RFC 3986). `encodeURIComponent` leaves five more characters. */
function encoded(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
