/** Consumes a queue in its own process. */
import 'reflect-metadata';
import { serve } from '../kit/serve.js';
import { type ConsumerName, consumers, type ConsumerTask } from './consumers.js';

let handled = 0;

serve({
  start: ({ way, ...task }: ConsumerTask & { readonly way: ConsumerName }) =>
    consumers[way](task, () => (handled += 1)),
  /** Returns the number of events that were handled since the last question. */
  handled() {
    const count = handled;
    handled = 0;
    return count;
  },
});
