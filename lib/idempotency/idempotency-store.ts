/**
 * Remembers handled events for all workers that share the store. This hook serves at-least-once
 * delivery, where the same event may arrive more than once.
 *
 * A worker claims an event before its handlers run. The worker completes the event when all
 * handlers succeed, and releases the claim when a handler fails. A claim expires by itself, so
 * another worker can handle the events of a dead worker.
 *
 * @publicApi
 */
export interface IdempotencyStore {
  /**
   * Claims an event for `claimMs` milliseconds, or extends the claim that `owner` already has. The
   * claim should be atomic if the store allows: of two concurrent callers, one gets the claim. The
   * transport sends one request per owner at a time. The next request follows an answer, or 5 s
   * without an answer.
   */
  begin(key: string, owner: string, claimMs: number): Promise<ClaimResult>;
  /**
   * Marks the event as handled for `retentionMs` milliseconds, even if another owner has claimed
   * the event meanwhile.
   */
  complete(key: string, owner: string, retentionMs: number): Promise<void>;
  /** Releases the claim of an event that was not handled, if `owner` still has the claim. */
  release(key: string, owner: string): Promise<void>;
}

/**
 * States the result of {@link IdempotencyStore.begin}.
 *
 * @publicApi
 */
export type ClaimResult =
  /** Grants the claim to the owner: handle the event. */
  | { readonly state: 'claimed' }
  /** Reports an event that was handled before: there is nothing to do. */
  | { readonly state: 'done' }
  /**
   * Reports a claim of another owner, which lasts `leftMs` more milliseconds. Counts as 1 to `claimMs`.
   * Any other answer fails the delivery as a failure of the store does.
   */
  | { readonly state: 'busy'; readonly leftMs: number };
