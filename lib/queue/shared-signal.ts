import { setMaxListeners } from 'node:events';

/**
 * A controller whose signal many listen to at once: all calls of a body, all open requests of a queue. Node takes more than ten listeners
 * for a leak and prints a warning.
 */
export function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(Infinity, controller.signal);
  return controller;
}

/** {@link AbortSignal.any} that many listen to at once. */
export function sharedAny(signals: AbortSignal[]): AbortSignal {
  const signal = AbortSignal.any(signals);
  setMaxListeners(Infinity, signal);
  return signal;
}
