import { Batcher } from '../../queue/batcher.js';
import { systemClock } from '../../queue/clock.js';
import type { HideEntry, Outcome, Queue } from '../../queue/queue.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { patience } from './patience.js';

/**
 * Makes messages visible again, in their order where the queue has one. Never rejects.
 *
 * @returns how many could not be handed back: they come back when their leases end
 */
export async function handBack(queue: Queue, messages: readonly ReceivedMessage[]): Promise<number> {
  const hidings = new Batcher<HideEntry, Outcome>({
    ...patience(queue),
    clock: systemClock,
    run: (entries) => queue.hide(entries),
  });
  const outcomes = await Promise.all(messages.map((message) => hidings.add({ message, seconds: 0 })));
  // A message whose lease is over is back already.
  return outcomes.filter((outcome) => !outcome.ok && outcome.error.kind !== 'lease-lost').length;
}
