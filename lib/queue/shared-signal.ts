import { setMaxListeners } from 'node:events';

/**
 * Creates a controller whose signal may have many listeners, such as all open requests of a queue.
 * Node reports more than ten listeners as a leak, and this controller prevents that warning.
 */
export function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(Infinity, controller.signal);
  return controller;
}

/** Combines signals as {@link AbortSignal.any} does, for many listeners. */
export function sharedAny(signals: AbortSignal[]): AbortSignal {
  const signal = AbortSignal.any(signals);
  setMaxListeners(Infinity, signal);
  return signal;
}
