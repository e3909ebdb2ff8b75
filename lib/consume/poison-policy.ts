import type { Queue } from '../queue/queue.js';

/**
 * What becomes of a message that can never be handled.
 *
 * - `redrive`: hide it and let the queue's own redrive policy move it. Loses nothing; without a redrive policy the message comes
 *   back, ever more slowly, until the queue's retention ends.
 * - `dead-letter`: copy it to `deadLetters` with the reason, then remove it; it stays when the copy is not accepted, and when it has been
 *   there `max` times: a message that is moved back unmended would go round for ever. In a queue that keeps an order it is copied each
 *   time: one that stays would hold up its group for ever, and one that goes round does so only as often as somebody moves it.
 * - `drop`: remove it. It is lost, but counted and logged.
 */
export type PoisonPolicy =
  | { readonly type: 'redrive' }
  | { readonly type: 'dead-letter'; readonly deadLetters: Queue; readonly max: number }
  | { readonly type: 'drop' };
