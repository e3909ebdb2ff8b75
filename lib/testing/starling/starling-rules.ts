import type { ItemStore } from './item-store.js';
import { type DataBlock, END, type Execution, type Reply, type ServerRules, valueReply } from './server-rules.js';

/** Starling answers so to everything that fits none of its patterns. */
const BAD_LINE: Reply = { text: 'CLIENT_ERROR bad command line format\r\n' };

// The patterns of Starling's handler.rb, which allow no blank at the end and no noreply.
const SET = /^set (.{1,250}) \d+ (\d+) (\d+)$/;
const GET = /^get (.{1,250})$/;
const DELETE = /^delete (.{1,250})$/;

/** Behaves as Starling 0.10.0 did when it was recorded. */
export class StarlingRules implements ServerRules {
  readonly lineMs = undefined;

  constructor(private readonly store: ItemStore) {}

  execute(line: string): Execution {
    const set = SET.exec(line);
    if (set) return this.set(set[1]!, Number(set[2]), Number(set[3]));
    const get = GET.exec(line);
    if (get) return this.get(get[1]!);
    const removal = DELETE.exec(line);
    if (removal) return { text: this.store.delete(removal[1]!) ? 'DELETED\r\n' : 'NOT_FOUND\r\n' };
    if (line === 'flush_all') return { text: 'OK\r\n' };
    if (line === 'stats') return { text: this.stats() };
    return line === 'quit' ? { text: '', close: true } : BAD_LINE;
  }

  closesAfter(): boolean {
    return false;
  }

  ended(): void {
    // An item that was read is gone.
  }

  private set(queue: string, expiry: number, bytes: number): DataBlock {
    return {
      bytes,
      broken: undefined,
      stored: (body) => {
        // A file of the name of the queue. One outside of its folder can be written.
        if (queue.includes('/') && !queue.startsWith('../')) return { text: 'NOT STORED\r\n' };
        this.store.put(queue, body, expiry === 0 ? Infinity : expiry * 1000);
        return { text: 'STORED\r\n' };
      },
    };
  }

  private get(queue: string): Reply {
    const item = queue.includes('/') ? undefined : this.store.take(queue);
    return item === undefined ? { text: END } : valueReply(queue, item.body);
  }

  private stats(): string {
    const lines = this.store.names.flatMap((queue) => [
      `STAT queue_${queue}_items ${this.store.items(queue).length}`,
      ...['total_items', 'logsize', 'expired_items', 'age'].map((name) => `STAT queue_${queue}_${name} 0`),
    ]);
    return [...lines, END].join('\r\n');
  }
}
