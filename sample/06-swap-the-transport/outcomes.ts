import type { BaseThriftServer } from 'nestjs-sqs-thrift';

/** Counts the outcomes of a strategy's deliveries. */
export class Outcomes {
  handled = 0;
  retried = 0;
  rejected = 0;
  private changed: () => void = () => undefined;

  constructor(strategy: BaseThriftServer) {
    strategy.on('settled', ({ outcome }) => {
      if (outcome === 'ack') this.handled += 1;
      if (outcome === 'retry') this.retried += 1;
      if (outcome === 'reject') this.rejected += 1;
      this.changed();
    });
  }

  /** Resolves once so many calls are handled or rejected. */
  async untilEnded(count: number): Promise<void> {
    while (this.handled + this.rejected < count) {
      await new Promise<void>((resolve) => {
        this.changed = resolve;
      });
    }
  }
}
