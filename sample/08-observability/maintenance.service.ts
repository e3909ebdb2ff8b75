import { Injectable } from '@nestjs/common';
import { ThriftWorkers } from 'nestjs-sqs-thrift';

/** Pauses the worker, for example while a database is migrated. */
@Injectable()
export class MaintenanceService {
  constructor(private readonly workers: ThriftWorkers) {}

  /** Returns the status and the number of messages in hand. */
  get state(): string {
    const { status, inHand } = this.workers.get('backup').state;
    return `${status}, ${inHand} in hand`;
  }

  /** Runs a task while nothing is received and no handler runs. */
  async without<T>(task: () => Promise<T>): Promise<T> {
    const worker = this.workers.get('backup');
    await worker.pause({ untilIdle: true });
    try {
      return await task();
    } finally {
      worker.resume();
    }
  }
}
