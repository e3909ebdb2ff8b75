/**
 * Emits numbered events over a carrier and writes `acked <number>` for each emit that resolved. Says
 * `ready` and begins at the command `go`. Ends by itself after the last event.
 *
 * Environment: CARRIER (socket, http, http-handled, kestrel or starling), PORT, JOURNAL, EVENTS
 * (their number), WINDOW (unanswered events at once, 500), FILLING_BYTES (170, which makes an event
 * of about 200 bytes).
 */
import 'reflect-metadata';
import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { lastValueFrom } from 'rxjs';
import { openClient } from './carrier-load.js';
import { cpuMs, numberSetting, openJournal } from './load.js';

const events = numberSetting('EVENTS', 10_000);
const filling = 'x'.repeat(numberSetting('FILLING_BYTES', 170));
const journal = openJournal();
let next = 0;
let failed = 0;

// An outage is a part of the test.
Logger.overrideLogger(false);
const client = openClient();

/** One of the runners that together keep WINDOW emits open. */
async function run(): Promise<void> {
  while (next < events) {
    const number = next++;
    const event = { number: BigInt(number), emittedAt: BigInt(Date.now()), filling };
    try {
      await lastValueFrom(client.emit('handle', { event }));
      journal(`acked ${number}`);
    } catch {
      failed += 1;
    }
  }
}

await client.connect();
const go = once(process, 'message');
process.send?.('ready');
await go;
const from = performance.now();
await Promise.all(Array.from({ length: numberSetting('WINDOW', 500) }, run));
await client.close();
process.send?.({ emitted: next - failed, failed, ms: Math.round(performance.now() - from), cpuMs: cpuMs() });
process.disconnect?.();
