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
 *
 * The task calls `answered` with its result as soon as the server has answered. From then on the
 * result counts, even if the task fails or takes longer than the deadline.
 */
export function withDeadline<T>(
  deadline: Deadline,
  task: (signal: AbortSignal, answered: (result: T) => void) => Promise<T>,
): Promise<T> {
  const { ms, late, cuts = [] } = deadline;
  const cutAlready = cuts.find((cut) => cut.signal.aborted);
  if (cutAlready !== undefined) return Promise.reject(cutAlready.error());
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController();
    const listeners: (() => void)[] = [];
    let known: { readonly result: T } | undefined;
    const fail = (error: unknown): void => (known === undefined ? reject(error) : resolve(known.result));
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      for (const unlisten of listeners) unlisten();
      act();
    };
    const cut = (error: Error): void => {
      finish(() => fail(error));
      controller.abort();
    };
    const timer = setTimeout(() => cut(late()), ms);
    for (const { signal, error } of cuts) {
      const onAbort = (): void => cut(error());
      signal.addEventListener('abort', onAbort, { once: true });
      listeners.push(() => signal.removeEventListener('abort', onAbort));
    }
    task(controller.signal, (result) => (known = { result })).then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => fail(error)),
    );
  });
}
