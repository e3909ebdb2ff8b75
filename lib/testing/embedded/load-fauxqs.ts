import { importByNode, isMissingPackage } from '../../common/optional-package.js';

/**
 * Lists the used parts of a fauxqs server, a Fastify application. Declared here so that these
 * typings need no fauxqs.
 */
export interface FauxqsApp {
  /** Adds a hook of Fastify that may replace the answer to a request. */
  addHook(name: 'preSerialization', hook: AnswerHook): unknown;
  listen(options: { readonly host: string; readonly port: number }): Promise<string>;
  close(): PromiseLike<unknown>;
}

/** Replaces the answer to a request. */
type AnswerHook = (
  request: { readonly headers: Readonly<Record<string, string | string[] | undefined>> },
  reply: unknown,
  payload: object | null,
  done: (error: null, payload: object | null) => void,
) => void;

/** Lists the used parts of the package fauxqs, equal in versions 1.9 and 2. */
export interface Fauxqs {
  buildApp(options: { readonly logger: boolean; readonly defaultRegion: string }): FauxqsApp;
}

/** Loads fauxqs. Rejects with the install command if the package is missing. */
export async function loadFauxqs(load?: () => Promise<unknown>): Promise<Fauxqs> {
  try {
    return (await (load?.() ?? import('fauxqs').catch(importByNode('fauxqs')))) as Fauxqs;
  } catch (cause) {
    if (!isMissingPackage(cause)) throw cause;
    throw new Error('The embedded SQS needs the package fauxqs. Install it: npm install --save-dev fauxqs', { cause });
  }
}
