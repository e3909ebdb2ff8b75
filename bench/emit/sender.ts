/** Sends events in its own process. */
import { costOf } from '../kit/cost.js';
import { serve } from '../kit/serve.js';
import { type Sender, type WayName, ways } from './ways.js';

let sender: Sender;

serve({
  async start({ way, endpoint }: { readonly way: WayName; readonly endpoint: string }) {
    sender = await ways[way](endpoint);
  },
  run: ({ events, bytes }: { readonly events: number; readonly bytes: number }) =>
    costOf(() => sender.send(events, bytes)),
  stop: () => sender.close(),
});
