/**
 * Runs a task that Ctrl-C or SIGTERM ends in order: its signal aborts, and it releases the messages
 * that it holds. A second one ends the process at once. That costs no message: those that are held
 * come back when their leases end.
 */
export async function interruptible<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    stopListening();
    controller.abort();
    if (process.stderr.isTTY) console.error('ending when the open request has ended; Ctrl-C once more ends at once');
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
