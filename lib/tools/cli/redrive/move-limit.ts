/** Limits how many messages are moved. A claim reserves the move of one message. */
export class MoveLimit {
  private claimed = 0;
  private confirmed = 0;
  private readonly reaching = new AbortController();

  /** @param limit largest number of moves */
  constructor(private readonly limit = Infinity) {}

  /** Number of moves that may still be claimed. */
  get left(): number {
    return this.limit - this.claimed;
  }

  /** Aborts when the limit of confirmed moves is reached. */
  get reached(): AbortSignal {
    return this.reaching.signal;
  }

  claim(): void {
    this.claimed += 1;
  }

  /** Ends a claim whose message was moved. */
  confirm(): void {
    this.confirmed += 1;
    if (this.confirmed === this.limit) this.reaching.abort();
  }

  /** Ends a claim whose message stays. Another message may be moved in its place. */
  cancel(): void {
    this.claimed -= 1;
  }
}
