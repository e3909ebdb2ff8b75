import type { StoredMessage } from './model.js';

interface Note {
  readonly at: number;
  readonly order: number;
  readonly version: number;
  readonly message: StoredMessage;
}

/** Messages that become visible by themselves, soonest first: a binary heap, so each step takes logarithmic time. */
export class HiddenMessages {
  private readonly heap: Note[] = [];
  private order = 0;

  /** Notes when a message becomes visible. A later change of its state voids the note. */
  add(message: StoredMessage): void {
    this.heap.push({ at: message.visibleAt, order: this.order++, version: message.version, message });
    this.rise(this.heap.length - 1);
  }

  /** When the next one becomes visible, in ms since the epoch. */
  next(): number | undefined {
    this.dropVoid();
    return this.heap[0]?.at;
  }

  /** Takes out the next one that is visible by now. */
  takeDue(now: number): StoredMessage | undefined {
    this.dropVoid();
    const first = this.heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.shift();
    return first.message;
  }

  private dropVoid(): void {
    while (this.heap[0] !== undefined && this.heap[0].version !== this.heap[0].message.version) this.shift();
  }

  private shift(): void {
    const last = this.heap.pop() as Note;
    if (this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink(0);
  }

  private rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.before(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(from: number): void {
    for (let at = from; ;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.heap.length && this.before(child, first)) first = child;
      }
      if (first === at) return;
      this.swap(at, first);
      at = first;
    }
  }

  private before(a: number, b: number): boolean {
    const [first, second] = [this.heap[a] as Note, this.heap[b] as Note];
    return first.at === second.at ? first.order < second.order : first.at < second.at;
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b] as Note, this.heap[a] as Note];
  }
}
