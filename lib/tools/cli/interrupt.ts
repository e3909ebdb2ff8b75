/**
 * Runs a task that ends in order at Ctrl-C or SIGTERM: its signal aborts, and the task releases its
 * messages. A second interrupt ends the process at once. No message is lost, because held messages
 * come back when their leases end.
 */
export async function interruptible<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    stopListening();
    controller.abort();
    if (process.stderr.isTTY) console.error('ending after the open request; press Ctrl-C again to end at once');
  };
  const stopListening = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await task(controller.signal);
  } finally {
    stopListening();
  }
}
