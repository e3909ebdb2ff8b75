/**
 * Keeps at most `window` emits without an answer, as an application does that limits its memory.
 */
export function emitAll(count: number, window: number, emit: (i: number) => Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let stored = 0;
    const more = (): void => {
      for (; sent < count && sent - stored < window; sent += 1) emit(sent).then(done, reject);
    };
    const done = (): void => {
      stored += 1;
      if (stored === count) resolve();
      else if (sent - stored === window >> 1) more();
    };
    more();
  });
}
