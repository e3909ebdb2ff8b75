import type { StarlingQueueOptions } from '#lib/carriers/starling/starling-options.js';
import { openStarlingQueue } from '#lib/carriers/starling/open-starling-queue.js';
import type { StarlingQueue } from '#lib/carriers/starling/starling-queue.js';
import type { ReceiveOptions } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { type EmbeddedStarling, type EmbeddedStarlingOptions, startEmbeddedStarling } from '#lib/testing.js';

const started: (() => Promise<unknown>)[] = [];

/** Ends everything that a test has started. Call it in `afterEach`. */
export async function endAll(): Promise<void> {
  for (const end of started.splice(0).reverse()) await end();
}

/** Registers something for {@link endAll}. */
export function endLater(end: () => Promise<unknown>): void {
  started.push(end);
}

export async function startServer(
  server: NonNullable<EmbeddedStarlingOptions['server']> = 'siberite',
): Promise<EmbeddedStarling> {
  const embedded = await startEmbeddedStarling({ server });
  endLater(() => embedded.stop());
  return embedded;
}

/** Opens the queue `q`, with deadlines of a tenth of a second. */
export async function openQueue(
  { port }: EmbeddedStarling,
  options: Partial<StarlingQueueOptions> = {},
): Promise<StarlingQueue> {
  const queue = await openStarlingQueue({ queue: 'q', port, timeoutMs: 150, ...options });
  endLater(() => queue.close().catch(() => undefined));
  return queue;
}

/** Receives what is there, or waits up to five seconds for something. */
export function receive(
  queue: StarlingQueue,
  options: Partial<ReceiveOptions> = {},
): Promise<readonly ReceivedMessage[]> {
  return queue.receive({ max: 10, waitSeconds: 5, visibilityTimeoutSeconds: 30, ...options });
}

export async function receiveOne(queue: StarlingQueue): Promise<ReceivedMessage> {
  const [message] = await receive(queue, { max: 1 });
  return message!;
}

export const textOf = ({ body }: { readonly body: string | Uint8Array }): string =>
  Buffer.from(body as Uint8Array).toString();

export const bytes = (text: string): { readonly body: Uint8Array } => ({ body: new TextEncoder().encode(text) });

/** Waits until something holds that the events of a socket bring about. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
