/** Ends a request early, with the error that the caller gets. */
export interface Cut {
  readonly signal: AbortSignal;
  readonly error: () => Error;
}

/** Limits the total time of a request. Each cut can end the request earlier. */
export interface Deadline {
  readonly ms: number;
  readonly late: () => Error;
  readonly cuts?: readonly Cut[];
}

/**
 * Runs a task and settles by the deadline, whatever the task does. The SDK's own timeouts count per
 * attempt and do not cover the search for credentials. The SDK's `requestTimeout` alone only logs a
 * warning. The deadline covers the whole operation, even with a client that was configured
 * elsewhere. At the deadline the task's signal aborts, which closes the socket of the task.
 */
export function withDeadline<T>(deadline: Deadline, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { ms, late, cuts = [] } = deadline;
  const cutAlready = cuts.find((cut) => cut.signal.aborted);
  if (cutAlready !== undefined) return Promise.reject(cutAlready.error());
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController();
    const listeners: (() => void)[] = [];
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      for (const unlisten of listeners) unlisten();
      act();
    };
    const cut = (error: Error): void => {
      finish(() => reject(error));
      controller.abort();
    };
    const timer = setTimeout(() => cut(late()), ms);
    for (const { signal, error } of cuts) {
      const onAbort = (): void => cut(error());
      signal.addEventListener('abort', onAbort, { once: true });
      listeners.push(() => signal.removeEventListener('abort', onAbort));
    }
    task(controller.signal).then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(error)),
    );
  });
}
