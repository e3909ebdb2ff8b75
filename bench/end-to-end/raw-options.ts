/** Names a queue, and a client without a library around it. */
export interface RawOptions {
  readonly endpoint: string;
  readonly queue: string;
  readonly client: 'sdk' | 'undici';
}

/** Returns the URL of a queue. */
export function urlOf({ endpoint, queue }: Pick<RawOptions, 'endpoint' | 'queue'>): string {
  return `${endpoint}/000000000000/${queue}`;
}
