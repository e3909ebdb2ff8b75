import { describe, expect, it } from '@jest/globals';
import type { CallHandler, Delivery } from '../../../lib/consume/delivery.js';
import { followCalls } from '../../../lib/consume/middleware/follow-calls.js';
import type { HandledEvent, TransportEvent } from '../../../lib/diagnostics/transport-event.js';
import { AbortSource } from '../../../lib/queue/abort-source.js';

const CALL = { service: 'Jobs', method: 'run', args: {} };

/** Runs a call of a delivery whose signal aborts before, and returns what is reported. */
async function handle(next: CallHandler, abort?: Error): Promise<readonly HandledEvent[]> {
  const events: TransportEvent[] = [];
  const aborts = new AbortSource();
  if (abort) aborts.abort(abort);
  const report = Object.assign((event: TransportEvent) => void events.push(event), { hears: () => true });
  const delivery = { message: { id: 'm1', receiveCount: 1 }, aborts } as unknown as Delivery;
  const run = followCalls({ queue: { name: 'jobs', carrier: 'sqs' } as never, clock: { now: () => 0 }, report })(next);
  await run(CALL, delivery, 0).catch(() => undefined);
  return events as HandledEvent[];
}

describe('the events of calls', () => {
  it('report the end of the handlers with their outcome', async () => {
    const failing = (): Promise<void> => Promise.reject(new Error('by the test'));
    expect(await handle(() => Promise.resolve())).toMatchObject([{ type: 'handled', outcome: 'succeeded' }]);
    expect(await handle(failing)).toMatchObject([{ type: 'handled', outcome: 'failed' }]);
  });

  it('report no handlers if the delivery aborted before their start', async () => {
    const reason = new Error('the worker stops');
    expect(await handle((_call, { aborts }) => Promise.reject(aborts.reason as Error), reason)).toEqual([]);
  });
});
