import { BadEnvelope } from './bad-envelope.js';

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
