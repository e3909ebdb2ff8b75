import type { FauxqsApp } from './load-fauxqs.js';

/** Names of this machine, with any port. Queue URLs of the server have names like `sqs.us-east-1.localhost`. */
const LOCAL = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9-]+\.)*localhost)(?::\d+)?$/i;

/**
 * Refuses requests of web pages. A page of any site may send forms to a port of this machine, also
 * through a name of its own that leads here, and browsers then name the site.
 */
export function refuseWebPages(app: FauxqsApp): void {
  app.addHook('onRequest', ({ headers }, reply, done) => {
    if (headers['origin'] === undefined && LOCAL.test(String(headers['host']))) return done();
    reply.code(403).send({ message: 'the embedded SQS takes no requests of web pages' });
  });
}
