import { EventEmitter, once } from 'node:events';
import { Injectable } from '@nestjs/common';

/** Records the calls that the Nest worker has handled and no test has taken yet. */
@Injectable()
export class SeenService {
  private readonly seen: string[] = [];
  private readonly changes = new EventEmitter();

  add(what: string): void {
    this.seen.push(what);
    this.changes.emit('seen');
  }

  /** Takes a number of calls once they have arrived, in any order, as on a standard queue. */
  async take(count: number): Promise<string> {
    while (this.seen.length < count) await once(this.changes, 'seen');
    return this.seen.splice(0).sort().join(', ');
  }
}
