/** What is used of a fauxqs server: a Fastify application. Written down here so that these typings need no fauxqs. */
export interface FauxqsApp {
  listen(options: { readonly host: string; readonly port: number }): Promise<string>;
  close(): PromiseLike<unknown>;
}

/** What is used of the package fauxqs, the same in its versions 1.9 and 2. */
export interface Fauxqs {
  buildApp(options: { readonly logger: boolean; readonly defaultRegion: string }): FauxqsApp;
}

/** Loads fauxqs where it is installed. Rejects with the command that installs it where it is not. */
export async function loadFauxqs(load: () => Promise<unknown> = () => import('fauxqs')): Promise<Fauxqs> {
  try {
    return (await load()) as Fauxqs;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Error('The embedded SQS needs the package fauxqs. Install it: npm install --save-dev fauxqs', { cause });
  }
}
