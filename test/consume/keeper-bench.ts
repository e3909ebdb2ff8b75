import type { Lease } from '#lib/consume/delivery.js';
import { VisibilityExtender } from '#lib/consume/visibility-extender.js';
import type { TransportEvent } from '#lib/diagnostics/transport-event.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import type { Fault, QueueCall } from '#lib/carriers/memory/fault-script.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';

/** Messages held by a keeper, with the hides that the queue sees. */
export class KeeperBench {
  readonly clock = new VirtualClock(0);
  readonly queue = createMemoryQueue({ clock: this.clock });
  readonly events: TransportEvent[] = [];
  readonly hides: { readonly at: number; readonly entries: number }[] = [];
  readonly extender: VisibilityExtender;
  script: (call: QueueCall) => Fault = () => undefined;

  constructor(
    private readonly visibilityTimeoutSeconds = 30,
    random: () => number = () => 0.5,
  ) {
    const { queue, clock } = this;
    const report = (event: TransportEvent): void => void this.events.push(event);
    this.extender = new VisibilityExtender({ queue, clock, report, visibilityTimeoutSeconds, random });
    queue.fail('extend', (call) => {
      this.hides.push({ at: clock.now(), entries: call.entries });
      return this.script(call);
    });
  }

  async track(count = 1): Promise<Lease[]> {
    const { visibilityTimeoutSeconds } = this;
    const leases: Lease[] = [];
    while (leases.length < count) {
      const max = Math.min(10, count - leases.length);
      await this.queue.send(Array.from({ length: max }, () => ({ body: 'x' })));
      const messages = await this.queue.receive({ max, waitSeconds: 0, visibilityTimeoutSeconds });
      leases.push(...messages.map((message) => this.extender.track(message, message.receivedAt)));
    }
    return leases;
  }

  get times(): number[] {
    return this.hides.map(({ at }) => at);
  }
}
