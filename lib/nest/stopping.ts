import type { Clock } from '../queue/clock.js';
import { signalCounter } from './signals.js';

/** Time in ms after which a stop says what it waits for. */
const SAY_AFTER_MS = 200;

export interface StoppingParts {
  readonly clock: Clock;
  readonly logger: { log(text: string): void; warn(text: string): void };
  /** Describes what the stop waits for. Undefined if there is nothing. */
  readonly waitsFor: () => string | undefined;
}

/**
 * Runs a stop. A stop that takes longer says in one line what it waits for. A second signal aborts the
 * signal that `run` gets, so that the stop ends soon.
 */
export async function stopping(
  { clock, logger, waitsFor }: StoppingParts,
  run: (hurry: AbortSignal) => Promise<void>,
): Promise<void> {
  const hurry = new AbortController();
  const say = (level: 'log' | 'warn', before: string, after: string): void => {
    const text = waitsFor();
    try {
      if (text !== undefined) logger[level](`${before} ${text}${after}`);
    } catch {
      // A log that fails must not end the process.
    }
  };
  const cancel = clock.setTimer(
    () => say('log', 'stopping: waits for', '; a second signal ends the wait'),
    SAY_AFTER_MS,
  );
  const unlisten = signalCounter().onSecond(() => {
    if (hurry.signal.aborted) return;
    say('warn', 'stopping at a second signal: gives up', '');
    hurry.abort();
  });
  try {
    await run(hurry.signal);
  } finally {
    cancel();
    unlisten();
  }
}
