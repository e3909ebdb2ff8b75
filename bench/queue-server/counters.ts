/** Holds the counts of a queue server since they were last reset. */
export interface QueueCounts {
  /** Number of requests by action, for example `SendMessageBatch`. */
  readonly requests: Readonly<Record<string, number>>;
  readonly sent: number;
  readonly received: number;
  readonly deleted: number;
  /** Units of 64 KiB of payload that SQS bills, begun units included. Each request bills at least one. */
  readonly billedUnits: number;
  /** Seconds from the first received message to the last deleted one. Zero without both. */
  readonly seconds: number;
}

const UNIT_BYTES = 65_536;

/** Counts the requests of a server. */
export class Counters {
  private requests = new Map<string, number>();
  private sent = 0;
  private received = 0;
  private deleted = 0;
  private billedUnits = 0;
  private firstReceivedAt: number | undefined;
  private lastDeletedAt: number | undefined;
  private awaited: { readonly deleted: number; resolve(): void } | undefined;

  /** @param bytes payload of the request, or of its answer */
  request(action: string, bytes: number): void {
    this.requests.set(action, (this.requests.get(action) ?? 0) + 1);
    this.billedUnits += Math.max(1, Math.ceil(bytes / UNIT_BYTES));
  }

  messagesSent(count: number): void {
    this.sent += count;
  }

  messagesReceived(count: number): void {
    this.received += count;
    this.firstReceivedAt ??= performance.now();
  }

  messagesDeleted(count: number): void {
    this.deleted += count;
    this.lastDeletedAt = performance.now();
    if (this.awaited !== undefined && this.deleted >= this.awaited.deleted) {
      this.awaited.resolve();
      this.awaited = undefined;
    }
  }

  /** Resolves when so many messages were deleted since the reset. One caller at a time. */
  untilDeleted(deleted: number): Promise<void> {
    if (this.deleted >= deleted) return Promise.resolve();
    return new Promise((resolve) => (this.awaited = { deleted, resolve }));
  }

  reset(): void {
    this.requests = new Map();
    [this.sent, this.received, this.deleted, this.billedUnits] = [0, 0, 0, 0];
    this.firstReceivedAt = undefined;
    this.lastDeletedAt = undefined;
  }

  read(): QueueCounts {
    const { sent, received, deleted, billedUnits, firstReceivedAt = 0, lastDeletedAt = firstReceivedAt } = this;
    const seconds = (lastDeletedAt - firstReceivedAt) / 1000;
    return { requests: Object.fromEntries(this.requests), sent, received, deleted, billedUnits, seconds };
  }
}
