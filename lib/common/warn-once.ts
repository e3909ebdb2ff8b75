import { setNewest } from './newest-entries.js';
import { shared } from './shared.js';

/** Keys of the warnings that this process has given, for all copies of this package. */
const given = shared('warnings/1', () => new Map<string, true>());

/** Largest number of keys to remember. */
const MAX_KEYS = 1_000;

/**
 * Emits a process warning, once per key and process.
 *
 * @param type name of the warning, for listeners of `process.on('warning')`
 */
export function warnOnce(key: string, message: string, type = 'SqsThriftWarning'): void {
  if (given.has(key)) return;
  setNewest(given, key, true, MAX_KEYS);
  process.emitWarning(message, { type });
}
