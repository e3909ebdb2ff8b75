import type { Scheduler } from './scheduler.js';

type Callback = (...args: unknown[]) => void;
type Method = (this: EventTarget, ...args: unknown[]) => void;

/** Counts the abort listeners of the signals that a simulation uses. */
export class SignalListeners {
  private readonly counts = new Map<EventTarget, number>();
  /** Largest number of listeners that one signal had at a time. */
  most = 0;

  change(signal: EventTarget, by: number): void {
    const count = Math.max(0, (this.counts.get(signal) ?? 0) + by);
    this.counts.set(signal, count);
    this.most = Math.max(this.most, count);
  }
}

/**
 * Replaces the globals by which the machine could affect a simulation. Timers of the process run on
 * the scheduler, and random numbers come from the seed.
 *
 * @returns the function that restores the globals
 */
export function takeGlobals(scheduler: Scheduler, random: () => number, listeners: SignalListeners): () => void {
  const { setImmediate, setTimeout, clearTimeout } = globalThis;
  const mathRandom = Math.random;
  const { stackTraceLimit } = Error;
  const dateNow = Date.now;
  Math.random = random;
  // Nobody reads the stacks of thousands of scripted errors.
  Error.stackTraceLimit = 0;
  Date.now = () => scheduler.now();
  globalThis.setImmediate = ((callback: Callback, ...args: unknown[]) =>
    scheduler.immediate(() => callback(...args))) as unknown as typeof setImmediate;
  globalThis.setTimeout = ((callback: Callback, ms = 0, ...args: unknown[]) => {
    const cancel = scheduler.setTimer(() => callback(...args), ms);
    return { cancel, unref: () => undefined };
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer?: { cancel?: () => void }) => timer?.cancel?.()) as typeof clearTimeout;
  const restoreSignals = countListeners(listeners);
  return () => {
    Math.random = mathRandom;
    Error.stackTraceLimit = stackTraceLimit;
    Date.now = dateNow;
    Object.assign(globalThis, { setImmediate, setTimeout, clearTimeout });
    restoreSignals();
  };
}

function countListeners(listeners: SignalListeners): () => void {
  // AbortSignal inherits both methods.
  const prototype = EventTarget.prototype as unknown as Record<string, Method>;
  const undo = ['addEventListener', 'removeEventListener'].map((name) => {
    const original = prototype[name]!;
    const by = name === 'addEventListener' ? 1 : -1;
    prototype[name] = function (this: EventTarget, ...args: unknown[]): void {
      if (args[0] === 'abort') listeners.change(this, by);
      original.apply(this, args);
    };
    return () => (prototype[name] = original);
  });
  return () => undo.forEach((restore) => restore());
}
