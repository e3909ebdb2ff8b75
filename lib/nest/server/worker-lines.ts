import type { ResolvedConsumeOptions } from '../../consume/consume-options.js';
import type { Consumer } from '../../consume/consumer.js';
import type { Delivery } from '../../consume/delivery.js';
import { messageOf } from '../../diagnostics/error-text.js';
import type { MessageReceiver } from '../../queue/queue.js';

/** Number of methods that the line about a stop names. */
const MOST_METHODS = 3;

/** Refuses a second start. */
export const LISTENS_ALREADY =
  'this strategy listens already; call listen() or startAllMicroservices() once, and create one strategy for each microservice';

/** Warns of a strategy that was created and not started. */
export const NOT_STARTED =
  'the strategy has not been started for 5 s, so it receives nothing yet. If the application does not just start ' +
  'slowly, await app.listen() after ThriftFactory.createMicroservice, or app.startAllMicroservices() after ' +
  'ThriftFactory.create. Without ThriftFactory pass it to Nest as { strategy }.';

/** Warns of a strategy that listens in an application that has not started. */
export const NOT_BOOTSTRAPPED =
  'the strategy listens, but receives nothing yet: the application has not finished its start for 5 s. ' +
  'If it does not just start slowly, await app.init() or app.listen() after app.startAllMicroservices().';

/** Formats the line about the begin of receiving. */
export function receivingText(place: string, handlers: number, concurrency: number): string {
  const count = handlers === 1 ? '1 handler' : `${handlers} handlers`;
  return `receiving from ${place}, with ${count} and concurrency ${concurrency}`;
}

/** Formats the line about the end of a stop. */
export function stoppedText(place: string, givenUp: readonly Delivery[]): string {
  if (givenUp.length === 0) return `stopped receiving from ${place}: no message is left in hand`;
  return `stopped receiving from ${place}: gave up ${inHandText(givenUp)}`;
}

/** Describes what a stop waits for. Undefined if there is nothing. */
export function waitsForText(
  { receiving, inHand }: Consumer['work'],
  { name, limits }: MessageReceiver,
  { waitTimeSeconds, drainTimeoutMs }: ResolvedConsumeOptions,
): string | undefined {
  const seconds = Math.min(waitTimeSeconds, limits.waitSeconds ?? waitTimeSeconds);
  const awaited = [
    ...(receiving ? [`an open receive from ${name} (up to ${seconds} s)`] : []),
    ...(inHand.length > 0 ? [`${inHandText(inHand)} of ${name} (up to ${drainTimeoutMs / 1000} s)`] : []),
  ];
  return awaited.length > 0 ? awaited.join(' and ') : undefined;
}

/** Counts the messages in hand, and names the methods of some of them. */
function inHandText(inHand: readonly Delivery[]): string {
  const methods = new Set(inHand.flatMap(({ calls }) => calls.map(({ method }) => method)));
  const named = [...methods].slice(0, MOST_METHODS).map(messageOf).join(', ');
  const count = inHand.length === 1 ? '1 message' : `${inHand.length} messages`;
  return named === '' ? `${count} in hand` : `${count} in hand (${named})`;
}
