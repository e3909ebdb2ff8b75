import type { Clock } from '../../queue/clock.js';
import type { ItemStore, StoredItem } from './item-store.js';
import { type DataBlock, END, type Execution, type Reply, type ServerRules, valueReply } from './server-rules.js';

export interface KestrelParts {
  /** Siberite 0.6.4 as it was recorded, or Kestrel 2.4 as its guide describes it. */
  readonly server: 'siberite' | 'kestrel';
  readonly store: ItemStore;
  readonly clock: Clock;
  /** True if a set is refused for want of room. */
  readonly isFull: () => boolean;
  /** Calls back at the next `set` of any connection. */
  readonly onSet: (callback: () => void) => () => void;
  /** Tells waiting connections of a `set`. */
  readonly wasSet: () => void;
}

const NAME = /^[A-Za-z0-9_+-]+$/;
const BAD_NAME: Reply = { text: 'ERROR queue: name is not alphanumeric\r\n', close: true };
const UNKNOWN: Reply = { text: 'ERROR Unknown command\r\n', close: true };
const BAD_DATA: Reply = { text: 'CLIENT_ERROR bad data chunk\r\n', close: true };
const EMPTY: Reply = { text: END };

/** Behaves as one connection of Siberite or Kestrel. */
export class KestrelRules implements ServerRules {
  readonly lineMs: number | undefined;
  private open: { readonly queue: string; readonly item: StoredItem } | undefined;
  private stopWaiting: (() => void) | undefined;
  private readonly commands: Readonly<Record<string, (words: readonly string[]) => Execution>> = {
    version: () => ({ text: `VERSION ${this.parts.server === 'siberite' ? 'siberite-0.6.4' : '2.4.1'}\r\n` }),
    set: ([name = '', , , bytes]) => this.set(name, Number(bytes)),
    get: ([key = '']) => this.get(key),
    gets: ([key = '']) => this.get(key),
    delete: ([name = '']) => this.flush(name),
    flush: ([name = '']) => this.flush(name),
    flush_all: () => {
      this.parts.store.clear();
      return { text: 'Flushed all queues.\r\n' };
    },
    stats: () => ({ text: this.stats() }),
    quit: () => ({ text: '', close: true }),
  };

  constructor(private readonly parts: KestrelParts) {
    this.lineMs = parts.server === 'siberite' ? 3_000 : undefined;
  }

  execute(line: string): Execution {
    const [command = '', ...words] = line.trim().split(' ');
    if (!Object.hasOwn(this.commands, command)) return UNKNOWN;
    return this.commands[command]!(words);
  }

  closesAfter(answer: string): boolean {
    return /^(?:CLIENT_|SERVER_)?ERROR/.test(answer);
  }

  ended(): void {
    this.stopWaiting?.();
    this.putBack();
  }

  private set(name: string, bytes: number): DataBlock {
    return { bytes, broken: BAD_DATA, stored: (body) => this.store(name, body) };
  }

  private store(name: string, body: Buffer): Reply {
    const { store, server, isFull, wasSet } = this.parts;
    if (!NAME.test(name)) return BAD_NAME;
    if (isFull()) return { text: 'NOT_STORED\r\n' };
    // Siberite sends to all names of a list. On Kestrel a child queue gets what goes to its parent.
    const children = store.names.filter((one) => one.startsWith(`${name}+`));
    for (const queue of server === 'siberite' ? name.split('+') : [name, ...children]) store.put(queue, body);
    wasSet();
    return { text: 'STORED\r\n' };
  }

  private flush(name: string): Reply {
    this.parts.store.delete(name);
    return EMPTY;
  }

  private get(key: string): Reply | Promise<Reply> {
    const [name = '', ...options] = key.split('/');
    const [queue = '', cursor] = name.split('.');
    if (!NAME.test(queue)) return BAD_NAME;
    if (cursor !== undefined) return replyOf(name, this.parts.store.follow(queue, name));
    const { verbs, waitMs } = readOptions(options);
    const alone = ['abort', 'peek'].find((verb) => verbs.has(verb));
    if (alone === undefined) return this.closeAndTake(queue, verbs, waitMs);
    if (verbs.size > 1 && this.parts.server === 'kestrel') return { text: 'CLIENT_ERROR\r\n', close: true };
    if (alone === 'peek') return replyOf(queue, this.parts.store.items(queue)[0]);
    this.putBack();
    return EMPTY;
  }

  private closeAndTake(queue: string, verbs: ReadonlySet<string>, waitMs: number): Reply | Promise<Reply> {
    if (verbs.has('close')) {
      this.finish();
      if (!verbs.has('open')) return EMPTY;
    }
    return this.take(queue, verbs.has('open'), waitMs);
  }

  private take(queue: string, opens: boolean, waitMs: number): Reply | Promise<Reply> {
    const { server, store } = this.parts;
    if (this.open) {
      return { text: server === 'siberite' ? 'CLIENT_ERROR Close current item first\r\n' : 'ERROR\r\n', close: true };
    }
    const item = store.take(queue);
    // Siberite accepts the option t, without an effect.
    if (item === undefined && waitMs > 0 && server === 'kestrel') return this.wait(queue, opens, waitMs);
    // Siberite has taken the item out, and answers as if there were none.
    if (item === undefined || item.body.length === 0) return EMPTY;
    if (opens) {
      this.open = { queue, item };
      store.noteOpen(queue, 1);
    }
    return valueReply(queue, item.body);
  }

  private wait(queue: string, opens: boolean, waitMs: number): Promise<Reply> {
    const { clock, onSet, store } = this.parts;
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        unwatch();
        this.stopWaiting = undefined;
      };
      const cancel = clock.setTimer(() => {
        end();
        resolve(EMPTY);
      }, waitMs);
      const unwatch = onSet(() => {
        if (store.items(queue).length === 0) return;
        end();
        resolve(this.take(queue, opens, 0));
      });
      this.stopWaiting = end;
    });
  }

  private finish(): void {
    if (this.open) this.parts.store.noteOpen(this.open.queue, -1);
    this.open = undefined;
  }

  private putBack(): void {
    const { open } = this;
    this.finish();
    if (open) this.parts.store.putBack(open.queue, open.item);
    if (open) this.parts.wasSet();
  }

  /** Loses the open item, as a server does that is killed without a journal of its open items. */
  forget(): void {
    this.stopWaiting?.();
    this.finish();
  }

  private stats(): string {
    const { store } = this.parts;
    const lines = store.names.flatMap((queue) => [
      `STAT queue_${queue}_items ${store.items(queue).length}`,
      `STAT queue_${queue}_open_transactions ${store.openItems(queue)}`,
    ]);
    return [...lines, END].join('\r\n');
  }
}

/** Splits the options of a get into words and a wait, whatever their order. */
function readOptions(options: readonly string[]): { readonly verbs: ReadonlySet<string>; readonly waitMs: number } {
  const wait = options.find((option) => option.startsWith('t='));
  return { verbs: new Set(options.filter((option) => option !== wait)), waitMs: Number(wait?.slice(2) ?? 0) };
}

function replyOf(queue: string, item: StoredItem | undefined): Reply {
  return item === undefined ? EMPTY : valueReply(queue, item.body);
}
