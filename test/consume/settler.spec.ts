import { describe, expect, it } from '@jest/globals';
import { createDelivery, type Delivery } from '../../lib/consume/delivery.js';
import type { PoisonPolicy } from '../../lib/consume/dead-letter.js';
import { Settler } from '../../lib/consume/settler.js';
import { VisibilityExtender } from '../../lib/consume/visibility-extender.js';
import type { TransportEvent } from '../../lib/diagnostics/transport-event.js';
import { ACK, ABANDON, type Settlement } from '../../lib/queue/settlement.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import type { QueueVerb } from '../../lib/carriers/memory/fault-script.js';
import { seedRandom } from '../queue/harness.js';
import { failure } from './harness.js';
seedRandom();
const POISON: Settlement = { type: 'reject', reason: 'truncated', detail: 'cut short' };

class SettlerBench {
  readonly clock = new VirtualClock(0);
  readonly queue = createMemoryQueue({ clock: this.clock });
  readonly deadLetters = createMemoryQueue({ clock: this.clock, name: 'dead' });
  readonly events: TransportEvent[] = [];
  readonly requests: string[] = [];
  readonly settler: Settler;
  readonly extender: VisibilityExtender;

  constructor(poisonPolicy: (bench: SettlerBench) => PoisonPolicy = () => ({ type: 'redrive' })) {
    const { queue, clock } = this;
    const report = (event: TransportEvent) => void this.events.push(event);
    this.extender = new VisibilityExtender({ queue, clock, report, visibilityTimeoutSeconds: 600 });
    this.settler = new Settler({
      queue,
      clock,
      report,
      poisonPolicy: poisonPolicy(this),
      codec: { split: () => [] },
      lingerMs: () => 0,
      retry: { delay: () => 40, maxReceives: Infinity },
    });
    for (const verb of ['acknowledge', 'discard', 'release'] as const) this.fails(verb, 0);
  }

  /** Lets the first `times` requests of a verb fail, and notes all of them. */
  fails(verb: QueueVerb, times: number): void {
    this.queue.fail(verb, ({ number, entries }) => {
      this.requests.push(`${verb} ${entries}`);
      return number <= times ? failure() : undefined;
    });
  }

  async deliveries(count: number): Promise<Delivery[]> {
    await this.queue.send(Array.from({ length: count }, (_, i) => ({ body: `${i}`, attributes: { a: 'b' } })));
    const messages = await this.queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 600 });
    return messages.map((message) => {
      const delivery = createDelivery(message, this.extender.track(message, message.receivedAt));
      delivery.calls.push({ method: 'run', args: {} });
      return delivery;
    });
  }

  /** Settles the messages. Returns for each if it has left the queue. */
  async settle(settlements: readonly Settlement[]): Promise<boolean[]> {
    const deliveries = await this.deliveries(settlements.length);
    const settling = Promise.all(deliveries.map((delivery, i) => this.settler.settle(delivery, settlements[i]!)));
    await this.clock.advance(30_000);
    await settling;
    return deliveries.map(({ gone }) => gone);
  }

  get left(): string[] {
    return this.queue.messages().map(({ body, visibleAt }) => `${body} at ${visibleAt / 1000}`);
  }

  of(type: TransportEvent['type']): TransportEvent[] {
    return this.events.filter((event) => event.type === type);
  }
}

const retry = (delaySeconds: number): Settlement => ({ type: 'retry', delaySeconds });

describe('a Settler', () => {
  it('settles mixed outcomes in one delete request and one visibility request', async () => {
    const bench = new SettlerBench();
    const gone = await bench.settle([ACK, retry(50), ACK, retry(70), ABANDON, POISON]);
    expect(gone).toEqual([true, false, true, false, false, false]);
    expect(bench.requests.sort()).toEqual(['acknowledge 2', 'release 3']);
    expect(bench.left).toEqual(['1 at 50', '3 at 70', '4 at 600', '5 at 40']);
  });

  it('reports each settled delivery once', async () => {
    const bench = new SettlerBench();
    await bench.settle([ACK, retry(50), ABANDON, POISON]);
    const common = { type: 'settled', queue: 'memory', methods: ['run'], receiveCount: 1, elapsedMs: 0 };
    expect(bench.events).toHaveLength(4);
    expect(bench.events).toEqual(
      expect.arrayContaining([
        { ...common, outcome: 'ack', messageId: expect.any(String) as unknown },
        { ...common, outcome: 'retry', delaySeconds: 50, messageId: expect.any(String) as unknown },
        { ...common, outcome: 'abandon', messageId: expect.any(String) as unknown },
        {
          ...common,
          outcome: 'reject',
          fate: 'kept',
          delaySeconds: 40,
          reason: 'truncated',
          detail: 'cut short',
          messageId: expect.any(String) as unknown,
        },
      ]),
    );
  });

  it('releases a failed message and an unstarted message with their causes', async () => {
    const bench = new SettlerBench();
    const causes: string[] = [];
    bench.queue.release = async (releases) => {
      causes.push(...releases.map(({ message, seconds, cause }) => `${String(message.body)} ${cause} ${seconds}`));
      return releases.map(() => ({ ok: true }));
    };
    const [failed, unstarted] = await bench.deliveries(2);
    void bench.settler.settle(failed!, retry(50));
    void bench.settler.release(unstarted!);
    await bench.clock.advance(10);
    expect(causes.sort()).toEqual(['0 failed 50', '1 not-started 0']);
    expect([failed!.gone, failed!.visibleAt, unstarted!.visibleAt]).toEqual([false, 50_000, undefined]);
  });

  it('deletes ten messages in one request', async () => {
    const bench = new SettlerBench();
    await bench.settle(Array<Settlement>(10).fill(ACK));
    expect([bench.requests, bench.left]).toEqual([['acknowledge 10'], []]);
  });

  it('retries a failed delete request until the request succeeds', async () => {
    const bench = new SettlerBench();
    bench.fails('acknowledge', 3);
    expect(await bench.settle([ACK, ACK])).toEqual([true, true]);
    expect([bench.requests, bench.left, bench.of('settle-failed')]).toEqual([Array(4).fill('acknowledge 2'), [], []]);
  });

  it('retries only the failed entries of a request', async () => {
    const bench = new SettlerBench();
    const entries: number[] = [];
    bench.queue.fail('acknowledge', (call) => {
      entries.push(call.entries);
      return call.number === 1 ? [undefined, failure('service')] : undefined;
    });
    await bench.settle([ACK, ACK, ACK]);
    expect([entries, bench.left]).toEqual([[3, 1], []]);
  });

  it('reports settle-failed after four failed deletes and keeps the message in the queue', async () => {
    const bench = new SettlerBench();
    bench.queue.fail('acknowledge', ({ number }) => {
      bench.requests.push(`acknowledge ${number}`);
      return [failure()];
    });
    expect(await bench.settle([ACK])).toEqual([false]);
    expect(bench.requests).toHaveLength(4);
    expect(bench.of('settle-failed')).toMatchObject([{ verb: 'acknowledge', error: failure() }]);
    expect([bench.left, bench.clock.pending]).toEqual([['0 at 600'], 0]);
  });

  it('does not retry a settlement whose lease is lost', async () => {
    const bench = new SettlerBench();
    let calls = 0;
    bench.queue.fail('release', () => [(calls += 1) ? failure('lease-lost') : undefined]);
    await bench.settle([retry(5)]);
    expect([calls, bench.of('settle-failed')]).toEqual([
      1,
      [expect.objectContaining({ queue: 'memory', verb: 'release' })],
    ]);
  });

  it('releases an unstarted message at once unless its lease is lost', async () => {
    const bench = new SettlerBench();
    const [a, b] = await bench.deliveries(2);
    (b!.lease as { lost: boolean }).lost = true;
    const returning = Promise.all([bench.settler.release(a!), bench.settler.release(b!)]);
    await bench.clock.advance(10);
    await returning;
    expect([bench.requests, bench.left]).toEqual([['release 1'], ['0 at 0', '1 at 600']]);
    expect(bench.events.map((event) => 'outcome' in event && event.outcome).sort()).toEqual(['abandon', 'released']);
    expect(bench.extender.size).toBe(0);
  });
});

describe('the poison policy', () => {
  const deadLetter = (bench: SettlerBench): PoisonPolicy => ({
    type: 'dead-letter',
    deadLetters: bench.deadLetters,
    max: 3,
  });

  it('delays the redelivery of a poison message like a retry under the policy redrive', async () => {
    const bench = new SettlerBench();
    expect(await bench.settle([POISON])).toEqual([false]);
    expect([bench.left, bench.requests]).toEqual([['0 at 40'], ['release 1']]);
  });

  it('discards a poison message with its reason under the policy drop', async () => {
    const bench = new SettlerBench(() => ({ type: 'drop' }));
    const discard = bench.queue.discard.bind(bench.queue);
    const reasons: string[] = [];
    bench.queue.discard = (discards) => {
      reasons.push(...discards.map(({ reason }) => reason));
      return discard(discards);
    };
    expect(await bench.settle([POISON])).toEqual([true]);
    expect([bench.requests, reasons]).toEqual([['discard 1'], ['truncated']]);
    expect([bench.left, bench.of('settled')]).toMatchObject([[], [{ outcome: 'reject', reason: 'truncated' }]]);
  });

  it('copies a poison message to the dead-letter queue before its delete', async () => {
    const bench = new SettlerBench(deadLetter);
    bench.queue.fail('discard', ({ entries }) => {
      bench.requests.push(`discard ${entries} of ${bench.deadLetters.messages().length} copied`);
      return undefined;
    });
    expect(await bench.settle([POISON])).toEqual([true]);
    expect([bench.requests, bench.left]).toEqual([['discard 1 of 1 copied'], []]);
    expect(bench.deadLetters.messages()).toMatchObject([{ body: '0', attributes: { a: 'b' } }]);
  });

  it.each([
    ['rejects', failure('network')],
    ['refuses the entry', [failure('invalid')]],
  ])('keeps the original message when the dead-letter queue %s', async (_, fault) => {
    const bench = new SettlerBench(deadLetter);
    bench.deadLetters.fail('send', () => fault);
    expect(await bench.settle([POISON])).toEqual([false]);
    expect([bench.left, bench.requests]).toEqual([['0 at 40'], ['release 1']]);
    expect(bench.of('settle-failed')).toMatchObject([{ queue: 'dead', verb: 'send' }]);
    expect(bench.of('settled')).toHaveLength(1);
  });

  it('copies a poison message without the dead-letter note when the dead-letter queue refuses the note', async () => {
    const bench = new SettlerBench(deadLetter);
    bench.deadLetters.fail('send', ({ number }) => (number === 1 ? [failure('invalid')] : undefined));
    expect(await bench.settle([POISON])).toEqual([true]);
    expect(bench.deadLetters.messages()).toMatchObject([{ body: '0', attributes: { a: 'b' } }]);
    expect(bench.of('settled')).toMatchObject([{ outcome: 'reject', fate: 'dead-lettered' }]);
    expect([bench.left, bench.of('settle-failed')]).toEqual([[], []]);
  });

  it('keeps the original message when the dead-letter queue returns no outcome', async () => {
    const bench = new SettlerBench(deadLetter);
    bench.deadLetters.send = async () => [];
    expect(await bench.settle([POISON])).toEqual([false]);
    expect([bench.left, bench.of('settle-failed')]).toMatchObject([['0 at 40'], [{ queue: 'dead' }]]);
  });
});
