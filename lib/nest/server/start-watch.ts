import type { LoggerService } from '@nestjs/common';

/** Time in ms after which a strategy that does not receive is reported. */
const WARN_AFTER_MS = 5_000;

/**
 * Warns if a strategy does not receive five seconds after a step of its start. A strategy that was
 * wired wrongly would otherwise look like an empty queue. The timer does not keep the process alive.
 */
export class StartWatch {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly logger: LoggerService) {}

  /** Expects the next step of the start, and logs `text` if `done` does not come in time. */
  expect(text: string): void {
    this.done();
    this.timer = setTimeout(() => void this.logger.warn(text), WARN_AFTER_MS);
    this.timer.unref();
  }

  /** Ends the watch. */
  done(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
