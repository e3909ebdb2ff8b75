import type { WireBody } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import type { LeaselessServerOptions } from '#lib/nest/server/leaseless-options.js';

/** A dead-letter queue in memory, for strategies of carriers that store nothing. */
export class MemoryDeadLetters {
  private readonly queue = createMemoryQueue({ name: 'dead-letters' });

  options(isWanted = false): Pick<LeaselessServerOptions, 'poisonPolicy' | 'deadLetterQueue'> {
    return isWanted ? { poisonPolicy: 'dead-letter', deadLetterQueue: this.queue } : { poisonPolicy: 'drop' };
  }

  readonly bodies = async (): Promise<readonly WireBody[]> => this.queue.messages().map(({ body }) => body);
}
