/** Longest interval of a timer of Node, in ms. */
const LONGEST_MS = 2_147_483_647;

/**
 * A pause of a worker, until `end`. Keeps the process alive if asked to: a paused worker may have no
 * connection open, and Node ends a process in which nothing is open.
 */
export class WorkerPause {
  /** Resolves at the end of the pause. */
  readonly ended: Promise<void>;
  private resolve!: () => void;
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    this.ended = new Promise((resolve) => (this.resolve = resolve));
  }

  keepProcess(): void {
    this.timer ??= setInterval(() => undefined, LONGEST_MS);
  }

  end(): void {
    clearInterval(this.timer);
    this.resolve();
  }
}
