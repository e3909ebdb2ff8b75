/** Counts the events of a consumer, which decodes each body with the codec that all consumers use. */
import { codec } from '../../../build/bench/kit/events.js';
import { serve } from '../../../build/bench/kit/serve.js';

let handled = 0;

/** Decodes a body. Returns the first call. */
export function decode(body) {
  return codec.decode(body)[0];
}

export function count() {
  handled += 1;
}

/** Serves the commands of bench:handle. `ways` maps a way to the function that starts to consume. */
export function serveConsumer(ways) {
  serve({
    start: ({ way, ...task }) => ways[way](task),
    handled() {
      const events = handled;
      handled = 0;
      return events;
    },
  });
}
