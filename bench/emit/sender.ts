/** Sends events in its own process. */
import { costOf } from '../kit/cost.js';
import { serve } from '../kit/serve.js';
import { setUpTelemetry, type TelemetryMode } from '../kit/telemetry.js';
import { type Sender, type WayName, ways } from './ways.js';

interface SenderTask {
  readonly way: WayName;
  readonly endpoint: string;
  readonly telemetry?: TelemetryMode;
}

let sender: Sender;

serve({
  async start({ way, endpoint, telemetry }: SenderTask) {
    setUpTelemetry(telemetry);
    sender = await ways[way](endpoint);
  },
  run: ({ events, bytes }: { readonly events: number; readonly bytes: number }) =>
    costOf(() => sender.send(events, bytes)),
  stop: () => sender.close(),
});
