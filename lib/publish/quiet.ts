/** Marks a rejection as seen: one that nobody looks at is an event to the transport's observers, not the end of the process. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
