import { describe, expect, it } from '@jest/globals';
import { seedRandom } from '../queue/harness.js';
import { Bench, failure } from './harness.js';

seedRandom();

/** A bench whose queue opens from a time in ms on. */
function opensFrom(time: number, options: { readonly deliveryTimeoutMs?: number } = {}): Bench {
  const bench = new Bench({ retryBaseMs: 100, ...options });
  const { parts } = bench.publisher as unknown as { readonly parts: { open: () => Promise<unknown> } };
  parts.open = () =>
    bench.clock.now() < time ? Promise.reject(failure('network', 'ECONNREFUSED')) : Promise.resolve(bench.queue);
  return bench;
}

describe('a queue that cannot be opened', () => {
  it('gets the calls of the outage within two seconds after it', async () => {
    const bench = opensFrom(8_000);
    bench.emit('early');
    await bench.clock.advance(6_000);
    bench.emit('late');
    await bench.clock.advance(1_900);
    expect(bench.states).toEqual(['pending', 'pending']);
    await bench.clock.advance(2_000);
    expect(bench.states).toEqual(['stored', 'stored']);
    expect(bench.texts).toEqual(['early', 'late']);
  });

  it('fails each call after deliveryTimeoutMs, with the last failure in the text', async () => {
    const bench = opensFrom(Infinity, { deliveryTimeoutMs: 5_000 });
    bench.emit();
    await bench.clock.advance(3_000);
    bench.emit();
    await bench.clock.advance(2_200);
    expect(bench.states).toEqual(['DeliveryTimeout', 'pending']);
    await bench.clock.advance(3_000);
    expect(bench.states).toEqual(['DeliveryTimeout', 'DeliveryTimeout']);
    expect(bench.ended.get(1)).toMatchObject({
      error: {
        message: expect.stringMatching(/did not open within 5000 ms .* The last failure: ECONNREFUSED: by script/),
      },
    });
  });

  it('fails a connect within five seconds although calls wait for longer', async () => {
    const bench = opensFrom(Infinity);
    bench.emit();
    const connecting = bench.publisher.connect().then(
      () => 'connected',
      (error: { code: string }) => error.code,
    );
    await bench.clock.advance(5_000);
    expect(await connecting).toBe('ECONNREFUSED');
    expect(bench.states).toEqual(['pending']);
  });
});
