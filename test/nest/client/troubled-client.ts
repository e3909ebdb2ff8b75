import { BaseThriftClient, type BaseThriftClientOptions } from 'nestjs-sqs-thrift';
import type { TransportEvent } from '#lib/diagnostics/transport-event.js';
import { sleep } from '#lib/queue/clock.js';
import type { QueueErrorKind } from '#lib/queue/queue-error.js';
import type { MessageSender, SendResult } from '#lib/queue/queue.js';
import type { WireMessage } from '#lib/queue/wire-message.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import type { VirtualClock } from '#lib/testing/virtual-clock.js';
import { failure } from '../../publish/harness.js';
import { Jobs } from '../harness.js';

interface Trouble {
  readonly kind: QueueErrorKind;
  /** Time in ms that a request takes to fail. */
  readonly failsAfter: number;
  /** True if the answer comes and refuses each entry. */
  readonly byEntry?: boolean;
}

/** A client whose queue fails by script, on a virtual clock. */
export class TroubledClient extends BaseThriftClient {
  trouble: Trouble | undefined;
  opened = 0;
  asked = 0;
  now: string | undefined;
  readonly seen: TransportEvent['type'][] = [];
  private readonly queue;

  constructor(
    readonly clock: VirtualClock,
    options: Partial<BaseThriftClientOptions> = {},
    private readonly canBeAsked = true,
  ) {
    super({ service: Jobs, retryBaseMs: 100, ...options }, clock);
    this.queue = createMemoryQueue({ clock });
    this.status.subscribe((status) => (this.now = status));
    for (const type of ['send-failed', 'send-recovered'] as const) this.on(type, () => this.seen.push(type));
  }

  /** Emits a call, whose failure is of no interest. */
  call(): void {
    this.emit('ping', {}).subscribe({ error: () => undefined });
  }

  protected override async openQueue(): Promise<MessageSender> {
    this.opened += 1;
    await this.answer();
    const { name, features, limits } = this.queue;
    const check = (): Promise<void> => {
      this.asked += 1;
      return this.answer();
    };
    return {
      name,
      features,
      limits,
      send: (messages) => this.store(messages),
      ...(this.canBeAsked && { check }),
      close: () => Promise.resolve(),
    };
  }

  private async store(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    const { trouble } = this;
    if (trouble?.byEntry) return messages.map(() => ({ ok: false, error: failure(trouble.kind) }));
    await this.answer();
    return this.queue.send(messages);
  }

  private async answer(): Promise<void> {
    const { trouble } = this;
    await sleep(this.clock, trouble?.failsAfter ?? 5);
    if (trouble) throw failure(trouble.kind);
  }
}
