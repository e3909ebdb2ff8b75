import { shared } from '../common/shared.js';

/** Signals by which a process is asked to end. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

/**
 * Time in ms within which a repeated signal counts once. A terminal and `npm` send the same Ctrl+C to
 * a process.
 */
const SAME_MS = 500;

/**
 * Counts the signals that ask the process to end. Listens only to signals that the application handles
 * itself, because a listener replaces the default of Node, which is to end the process.
 */
class SignalCounter {
  private readonly heard = new Set<string | symbol>();
  private readonly listeners = new Set<() => void>();
  private watchers = 0;
  private count = 0;
  private lastAt = -Infinity;

  /** Begins to count. The returned function ends it. */
  watch(): () => void {
    if (this.watchers === 0) this.begin();
    this.watchers += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.watchers -= 1;
      if (this.watchers === 0) this.end();
    };
  }

  /** Calls back at the second signal, and at each later one. The returned function ends that. */
  onSecond(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private begin(): void {
    this.count = 0;
    process.on('newListener', this.added);
    process.on('removeListener', this.removed);
    for (const signal of SIGNALS) if (process.listenerCount(signal) > 0) this.hear(signal);
  }

  private end(): void {
    process.off('newListener', this.added);
    process.off('removeListener', this.removed);
    for (const signal of this.heard) process.off(signal, this.received);
    this.heard.clear();
  }

  private hear(signal: NodeJS.Signals): void {
    this.heard.add(signal);
    process.on(signal, this.received);
  }

  private readonly added = (name: string | symbol, listener: unknown): void => {
    if (listener === this.received || this.heard.has(name)) return;
    const signal = SIGNALS.find((one) => one === name);
    if (signal) this.hear(signal);
  };

  private readonly removed = (name: string | symbol): void => {
    // Nest removes its own listener before it ends the process by the same signal.
    if (!this.heard.has(name) || process.listenerCount(name) > 1) return;
    this.heard.delete(name);
    process.off(name, this.received);
  };

  private readonly received = (): void => {
    const now = performance.now();
    if (now - this.lastAt < SAME_MS) return;
    this.lastAt = now;
    this.count += 1;
    if (this.count > 1) for (const listener of this.listeners) listener();
  };
}

/** Returns the counter of the process. */
export function signalCounter(): Pick<SignalCounter, 'watch' | 'onSecond'> {
  return shared('signals/1', () => new SignalCounter());
}
