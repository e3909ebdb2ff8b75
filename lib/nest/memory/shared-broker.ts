import { Logger } from '@nestjs/common';
import { type EndOwner, MemoryBroker } from '../../carriers/memory/memory-broker.js';
import { shared } from '../../common/shared.js';
import type { Queue } from '../../queue/queue.js';

/** The open ends of one queue. */
interface Ends {
  count: number;
  receivers: number;
}

/**
 * The broker of clients and strategies without a broker of their own. A queue ends with its last
 * open end, so that no message reaches a later test. A queue has one strategy at most, so that two
 * tests that run at the same time notice each other.
 */
class SharedBroker extends MemoryBroker {
  private readonly logger = new Logger('MemoryBroker');
  private readonly ends = new Map<string, Ends>();

  /** @throws Error a strategy is on the queue already */
  override open(name: string, owner: EndOwner): Queue {
    const ends = this.ends.get(name) ?? { count: 0, receivers: 0 };
    const receivers = owner.receives ? 1 : 0;
    if (receivers + ends.receivers > 1) {
      throw new Error(
        `another strategy receives from the queue "${name}" of this process already; close its application first, ` +
          'or give each application a MemoryBroker of its own as option broker',
      );
    }
    ends.count += 1;
    ends.receivers += receivers;
    this.ends.set(name, ends);
    return this.queue(name).open({
      ...(owner.pending && { pending: owner.pending }),
      onClose: () => {
        ends.count -= 1;
        ends.receivers -= receivers;
        if (ends.count === 0) this.drop(name);
      },
    });
  }

  private drop(name: string): void {
    const lost = this.queue(name)
      .messages()
      .filter(({ receiveCount }) => receiveCount === 0).length;
    this.queues.delete(name);
    this.ends.delete(name);
    if (lost === 0) return;
    this.logger.warn(
      `${lost} messages of the queue "${name}" were never received: the queue ended with its last client or strategy; ` +
        'start the strategy before the client closes, or give both one MemoryBroker as option broker',
    );
  }
}

/** Returns the broker that all copies of this package in the process share. */
export function sharedBroker(): MemoryBroker {
  return shared('memory-broker', () => new SharedBroker());
}
