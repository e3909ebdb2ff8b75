import { EventEmitter, once } from 'node:events';
import { Injectable } from '@nestjs/common';

/** What the Nest worker has handled and nobody has asked for yet. */
@Injectable()
export class SeenService {
  private readonly seen: string[] = [];
  private readonly changes = new EventEmitter();

  add(what: string): void {
    this.seen.push(what);
    this.changes.emit('seen');
  }

  /** Takes what has come, once that is so much; in no order, as it is with a standard queue. */
  async take(count: number): Promise<string> {
    while (this.seen.length < count) await once(this.changes, 'seen');
    return this.seen.splice(0).sort().join(', ');
  }
}
