import type { FauxqsApp } from './load-fauxqs.js';

/**
 * Longest wait of a receive of a worker, in seconds. A stopping worker waits for its open receive, and
 * a developer should not. An aborted receive of this server may take a message along.
 */
const SECONDS = 0.5;

/**
 * Adds the attribute `MaximumReceiveWaitSeconds` to the attributes of every queue. Workers of this
 * library follow it, and other clients never ask for it.
 */
export function addShortWaits(app: FauxqsApp): void {
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    const { Attributes } = (payload ?? {}) as { Attributes?: Record<string, string> };
    const isAnswer = request.headers['x-amz-target'] === 'AmazonSQS.GetQueueAttributes' && Attributes !== undefined;
    done(
      null,
      isAnswer ? { ...payload, Attributes: { ...Attributes, MaximumReceiveWaitSeconds: `${SECONDS}` } } : payload,
    );
  });
}
