/** Consumes a queue in its own process. */
import 'reflect-metadata';
import { serve } from '../kit/serve.js';
import { setUpTelemetry, type TelemetryMode } from '../kit/telemetry.js';
import { type ConsumerName, consumers, type ConsumerTask } from './consumers.js';

let handled = 0;

serve({
  start({
    way,
    telemetry,
    ...task
  }: ConsumerTask & { readonly way: ConsumerName; readonly telemetry?: TelemetryMode }) {
    setUpTelemetry(telemetry);
    return consumers[way](task, () => (handled += 1));
  },
  /** Returns the number of events that were handled since the last question. */
  handled() {
    const count = handled;
    handled = 0;
    return count;
  },
});
