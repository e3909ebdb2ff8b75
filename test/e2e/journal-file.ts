import { appendFileSync, closeSync, openSync, readSync, watch, writeFileSync, type FSWatcher } from 'node:fs';

/** Reads the progress of the processes that write a journal. */
export interface Progress {
  readonly acked: number;
  readonly started: number;
  readonly finished: number;
}

interface Waiter {
  readonly reached: (progress: Progress) => boolean;
  readonly resolve: () => void;
}

/** The journal of a test, followed while other processes write it. */
export class JournalFile {
  /** Every complete line so far. */
  readonly lines: string[] = [];
  private readonly acked = new Set<string>();
  private readonly started = new Set<string>();
  private readonly finished = new Set<string>();
  private readonly file: number;
  private readonly watcher: FSWatcher;
  private readonly waiters = new Set<Waiter>();
  private readonly buffer = Buffer.allocUnsafe(1 << 16);
  private rest = '';

  constructor(readonly path: string) {
    writeFileSync(path, '');
    this.file = openSync(path, 'r');
    this.watcher = watch(path, () => this.read());
  }

  /** Counts the events that were acknowledged, begun and ended, each once. */
  get progress(): Progress {
    return { acked: this.acked.size, started: this.started.size, finished: this.finished.size };
  }

  /** Adds a fact that only the test knows. */
  add(fact: string): void {
    appendFileSync(this.path, `${fact}\n`);
  }

  /** Resolves as soon as the journal says so. Rejects after `ms` with how far it has come. */
  async until(reached: (progress: Progress) => boolean, ms: number): Promise<void> {
    this.read();
    if (reached(this.progress)) return;
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { reached, resolve: () => (clearTimeout(timer), resolve()) };
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(new Error(`not there after ${ms} ms: ${JSON.stringify(this.progress)}`));
      }, ms);
      this.waiters.add(waiter);
    });
  }

  /** Reads what is left and follows no longer. */
  close(): void {
    this.watcher.close();
    this.read();
    closeSync(this.file);
  }

  private read(): void {
    for (let bytes = -1; bytes !== 0;) {
      bytes = readSync(this.file, this.buffer, 0, this.buffer.length, null);
      const lines = (this.rest + this.buffer.toString('latin1', 0, bytes)).split('\n');
      this.rest = lines.pop()!;
      for (const line of lines) this.note(line);
    }
    for (const waiter of this.waiters) {
      if (!waiter.reached(this.progress)) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
  }

  private note(line: string): void {
    this.lines.push(line);
    const [fact, event] = line.split(' ');
    const events = { acked: this.acked, start: this.started, finish: this.finished }[fact!];
    events?.add(event!);
  }
}
