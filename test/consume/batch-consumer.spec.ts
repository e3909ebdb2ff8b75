import { describe, expect, it } from '@jest/globals';
import { resolveConsumeOptions } from '#lib/consume/consume-options.js';
import { type CallDispatcher, InvocationEndedError } from '#lib/consume/delivery.js';
import { OnDemandConsumer } from '#lib/consume/on-demand-consumer.js';
import type { MessageBatch } from '#lib/consume/batch-consumer.js';
import type { TransportEvent } from '#lib/diagnostics/transport-event.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { codec, received, turns } from './harness.js';

/** A batch in memory. */
class Batch implements MessageBatch {
  private readonly ending = new AbortController();
  readonly signal = this.ending.signal;
  readonly failed: string[] = [];

  constructor(private waiting: readonly ReceivedMessage[]) {}

  take(max: number): readonly ReceivedMessage[] {
    const taken = this.waiting.slice(0, max);
    this.waiting = this.waiting.slice(max);
    return taken;
  }

  takeWaiting(): readonly ReceivedMessage[] {
    return this.take(Infinity);
  }

  isBehindFailure(): boolean {
    return false;
  }

  note({ id }: ReceivedMessage, isGone: boolean): readonly ReceivedMessage[] {
    if (!isGone) this.failed.push(id);
    return [];
  }
}

type Dispatch = CallDispatcher['dispatch'];

/** Hangs until its signal aborts. */
const untilAborted: Dispatch = (_call, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

function consumerOf(dispatch: Dispatch): {
  consumer: OnDemandConsumer;
  events: TransportEvent[];
  add: (batch: Batch) => void;
} {
  const clock = new VirtualClock(0);
  const events: TransportEvent[] = [];
  const batches = new Map<AbortSignal | undefined, Batch>();
  const queue = createMemoryQueue({ clock });
  Object.assign(queue, {
    features: { ...queue.features, leases: false },
    receive: ({ max, signal }: { max: number; signal?: AbortSignal }) =>
      Promise.resolve(batches.get(signal)?.take(max) ?? []),
    acknowledge: (messages: readonly unknown[]) => Promise.resolve(messages.map(() => ({ ok: true }))),
    release: (messages: readonly unknown[]) => Promise.resolve(messages.map(() => ({ ok: true }))),
  });
  const consumer = new OnDemandConsumer({
    queue,
    codec,
    clock,
    report: (event) => void events.push(event),
    dispatcher: { dispatch },
    classifyError: () => undefined,
    poisonPolicy: { type: 'redrive' },
    options: resolveConsumeOptions({ concurrency: 1 }),
  });
  return { consumer, events, add: (batch) => void batches.set(batch.signal, batch) };
}

const outcomes = (events: readonly TransportEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'settled' ? [`${event.messageId} ${event.outcome}`] : []));

describe('a consumer of batches', () => {
  it('reports each message that was not started as released', async () => {
    const { consumer, events, add } = consumerOf(untilAborted);
    const batch = new Batch([received('a'), received('b'), received('c')]);
    add(batch);
    const running = consumer.begin(batch);
    void running.receiveAll();
    await turns();
    running.giveUp(new InvocationEndedError());
    await turns();
    expect(running.startedCount).toBe(1);
    expect(outcomes(events).sort()).toEqual(['a retry', 'b released', 'c released']);
    expect([...batch.failed].sort()).toEqual(['a', 'b', 'c']);
  });

  it('gives each batch slots of its own, and forgets those of a batch that hangs', async () => {
    let calls = 0;
    const { consumer, events, add } = consumerOf(() =>
      (calls += 1) === 1 ? new Promise(() => undefined) : Promise.resolve(),
    );
    const [hung, next] = [new Batch([received('hung')]), new Batch([received('next')])];
    add(hung);
    add(next);
    const first = consumer.begin(hung);
    void first.receiveAll();
    await turns();
    consumer.end(first);
    await consumer.begin(next).receiveAll();
    await turns();
    expect(outcomes(events)).toEqual(['next ack']);
    expect(consumer.state).toMatchObject({ slots: 1, inHand: 0, runningCalls: 0 });
  });

  it('handles nothing after a stop', async () => {
    const { consumer, events, add } = consumerOf(() => Promise.resolve());
    await consumer.stop();
    const batch = new Batch([received('late')]);
    add(batch);
    await consumer.begin(batch).receiveAll();
    await turns();
    expect(outcomes(events)).toEqual([]);
  });
});
