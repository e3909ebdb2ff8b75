/** Where a queue, a topic or a bucket is, in the words that error messages use. Holds nothing secret. */
export interface QueuePlace {
  /** Its name, without account or host. */
  readonly name: string;
  /** What it is. Default `queue`. */
  readonly kind?: 'topic' | 'bucket';
  /** The region requests are signed for; absent until it is known. */
  readonly region?: string;
  /** Origin of a custom endpoint; absent when the SDK's own endpoint of the region is used. */
  readonly endpoint?: string;
}

/** `queue "backup" (region eu-west-1, endpoint http://127.0.0.1:4566)`. */
export function describePlace(place: QueuePlace): string {
  return `${place.kind ?? 'queue'} "${place.name}" (region ${place.region ?? 'unknown'}, endpoint ${place.endpoint ?? 'of AWS'})`;
}

/** Scheme, host and port of a URL and nothing else: a user name or a password in it must not reach a log. */
export function originOf(url: string | URL): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
