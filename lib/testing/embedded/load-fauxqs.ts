import { importByNode, isMissingPackage } from '../../common/optional-package.js';

/**
 * Lists the used parts of a fauxqs server, a Fastify application. Declared here so that these
 * typings need no fauxqs.
 */
export interface FauxqsApp {
  /** Adds a hook of Fastify that may replace the answer to a request. */
  addHook(name: 'preSerialization', hook: AnswerHook): unknown;
  /** Adds a hook of Fastify that may answer a request itself. */
  addHook(name: 'onRequest', hook: RequestHook): unknown;
  listen(options: { readonly host: string; readonly port: number }): Promise<string>;
  close(): PromiseLike<unknown>;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Lets a request go on, or answers it. */
type RequestHook = (
  request: { readonly headers: Headers },
  reply: { code(status: number): { send(body: object): unknown } },
  done: () => void,
) => void;

/** Replaces the answer to a request. */
type AnswerHook = (
  request: { readonly headers: Headers; readonly body: unknown },
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
