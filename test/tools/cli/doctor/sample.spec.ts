import { describe, expect, it } from '@jest/globals';
import { takeSample } from '../../../../lib/tools/cli/doctor/sample.js';
import type { Sample } from '../../../../lib/tools/cli/doctor/facts.js';
import type { EntryResult, ReceiveOptions, Release } from '../../../../lib/queue/queue.js';
import type { ReceivedMessage } from '../../../../lib/queue/wire-message.js';
import { MemoryQueue } from '../../../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../../../lib/testing/virtual-clock.js';

/** A queue whose receives take a while, and never wait for more. */
class SlowQueue extends MemoryQueue {
  readonly released: Release[] = [];

  constructor(
    maxReceiveCount: number,
    private readonly time = new VirtualClock(),
    readonly dead = new MemoryQueue({ clock: time }),
  ) {
    super({ clock: time, redrive: { deadLetterQueue: dead, maxReceiveCount } });
  }

  async put(count: number, body = 'no base64'): Promise<void> {
    for (let at = 0; at < count; at += 1) await this.send([{ body }]);
  }

  override async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    await this.time.advance(4_000);
    return super.receive({ ...options, waitSeconds: 0 });
  }

  override release(entries: readonly Release[]): Promise<readonly EntryResult[]> {
    this.released.push(...entries);
    return super.release(entries);
  }

  look(wanted: number): Promise<Sample> {
    return takeSample(this, wanted, undefined, this.time);
  }

  /** The receives that each message has had, as they are counted. */
  receives(): number[] {
    return this.messages().map(({ receiveCount }) => receiveCount);
  }
}

describe('the sample of doctor', () => {
  it('stops sampling before the first lease ends, so that no message is received twice', async () => {
    const queue = new SlowQueue(20);
    await queue.put(300);
    const { messages } = await queue.look(300);
    expect(messages).toBeGreaterThan(20);
    expect(Math.max(...queue.receives())).toBe(1);
    expect(queue.receives().filter((count) => count === 1)).toHaveLength(messages);
    expect(queue.depth()).toEqual({ visible: 300, inFlight: 0, delayed: 0 });
  });

  it('leaves each message one receive for a worker', async () => {
    const queue = new SlowQueue(3);
    await queue.put(30);
    expect(await queue.look(10)).toEqual({ messages: 10, problems: { 'not-base64': 10 } });
    expect(await queue.look(30)).toMatchObject({ messages: 1, last: 1 });
    expect(Math.max(...queue.receives())).toBe(2);
    expect(queue.dead.depth().visible).toBe(0);
  });

  it('uses the last receive of at most one message when other receivers used the earlier receives', async () => {
    const queue = new SlowQueue(3);
    await queue.put(30);
    for (let at = 0; at < 6; at += 1) {
      await queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 11 });
    }
    expect(new Set(queue.receives())).toEqual(new Set([2]));
    expect(await queue.look(30)).toMatchObject({ messages: 1, last: 1 });
    expect(queue.receives().filter((count) => count > 2)).toHaveLength(1);
  });

  it('counts a message once when one sample receives the message twice', async () => {
    const queue = new SlowQueue(3);
    await queue.put(1);
    const hidden = queue.receive.bind(queue);
    queue.receive = (options) => hidden({ ...options, visibilityTimeoutSeconds: 1 });
    expect(await queue.look(5)).toMatchObject({ messages: 1, last: 1 });
    expect(queue.receives()).toEqual([2]);
  });

  it('drops the bodies of sampled messages and keeps only what the release needs', async () => {
    const queue = new SlowQueue(9);
    await queue.put(3, 'A'.repeat(1_000));
    await queue.look(3);
    expect(queue.released).toHaveLength(3);
    expect(JSON.stringify(queue.released)).not.toContain('AAAA');
  });
});
