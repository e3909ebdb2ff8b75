/** States what a queue has shown about the sizes that it accepts. */
export interface LearnedLimit {
  /** Bytes of the smallest request that the queue refused as too large. */
  readonly refusedBytes: number;
  /** Bytes that later requests have at most, unless a single message is larger. */
  readonly maxBytes: number;
}

/**
 * Learns how many bytes a queue accepts if it accepts fewer than its limits state, as emulators and
 * proxies do. Each refusal lowers the maximum to half of what was refused, but never below what was
 * accepted since the first refusal. Never raises the maximum again.
 */
export class LearnedSize {
  private refused = Infinity;
  private accepted = 0;
  private isNew = false;

  /** @param maxBytes the maximum before any refusal */
  constructor(private max: number) {}

  get maxBytes(): number {
    return this.max;
  }

  /** Largest accepted bytes since the first refusal. Undefined without any. */
  get acceptedBytes(): number | undefined {
    return this.accepted > 0 ? this.accepted : undefined;
  }

  /**
   * Notes that `bytes` were refused as too large. Bytes above the maximum show nothing new: they were
   * sent before the maximum became lower.
   */
  refuse(bytes: number): void {
    if (bytes > this.max) return;
    // The limit has become lower, or does not count bytes as this library does.
    if (bytes <= this.accepted) this.accepted = 0;
    this.refused = bytes;
    this.max = Math.max(this.accepted, Math.floor(bytes / 2));
    this.isNew = true;
  }

  /** True after a refusal. Before it there is nothing to learn from accepted bytes. */
  get isLearning(): boolean {
    return this.refused !== Infinity;
  }

  /** Notes that `bytes` were accepted. Returns what was learned from the refusals before, once. */
  accept(bytes: number): LearnedLimit | undefined {
    this.accepted = Math.max(this.accepted, bytes);
    if (!this.isNew) return undefined;
    this.isNew = false;
    return { refusedBytes: this.refused, maxBytes: this.max };
  }
}
