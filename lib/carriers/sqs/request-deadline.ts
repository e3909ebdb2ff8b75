/** Something that ends a request early, and the error its caller then gets. */
export interface Cut {
  readonly signal: AbortSignal;
  readonly error: () => Error;
}

/** How long a request may take altogether, and what ends it sooner. */
export interface Deadline {
  readonly ms: number;
  readonly late: () => Error;
  readonly cuts?: readonly Cut[];
}

/**
 * Runs a task that is over at its deadline whatever it does. The SDK's own timeouts count per attempt, do not cover the search for
 * credentials, and its `requestTimeout` alone only warns; one deadline around the whole operation cuts all of it, also for a client
 * that was configured elsewhere. The task's signal is aborted, so that its socket is closed rather than left waiting.
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
