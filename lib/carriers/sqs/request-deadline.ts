import { type Aborts, AbortSource } from '../../queue/abort-source.js';

/** Ends a request early, with the error that the caller gets. */
export interface Cut {
  readonly aborts: Aborts;
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
 * elsewhere. At the deadline the task is aborted, which closes its socket.
 *
 * The task calls `answered` with its result as soon as the server has answered. From then on the
 * result counts, even if the task fails or takes longer than the deadline.
 */
export function withDeadline<T>(
  deadline: Deadline,
  task: (aborts: AbortSource, answered: (result: T) => void) => Promise<T>,
): Promise<T> {
  const { ms, late, cuts = [] } = deadline;
  const cutAlready = cuts.find((cut) => cut.aborts.aborted);
  if (cutAlready !== undefined) return Promise.reject(cutAlready.error());
  return new Promise<T>((resolve, reject) => {
    const source = new AbortSource();
    let known: { readonly result: T } | undefined;
    const fail = (error: unknown): void => (known === undefined ? reject(error) : resolve(known.result));
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      cuts.forEach(({ aborts }, at) => aborts.removeEventListener('abort', listeners[at]!));
      act();
    };
    const cut = (error: Error): void => {
      finish(() => fail(error));
      source.abort(error);
    };
    const timer = setTimeout(() => cut(late()), ms);
    const listeners = cuts.map(({ aborts, error }) => {
      const onAbort = (): void => cut(error());
      aborts.addEventListener('abort', onAbort, { once: true });
      return onAbort;
    });
    task(source, (result) => (known = { result })).then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => fail(error)),
    );
  });
}
