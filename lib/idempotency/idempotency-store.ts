/**
 * Remembers which events were handled, for all workers that share it: a hook for at-least-once delivery, where the same event may
 * arrive more than once.
 *
 * An event is claimed before its handlers run, completed when all of them ended well, and released when one did not. A claim ends by
 * itself, so that the events of a worker that died are handled by another one.
 */
export interface IdempotencyStore {
  /**
   * Claims an event for `claimMs` milliseconds, or prolongs the claim when `owner` has it already. Should be atomic where the store
   * can do that: of two that begin at once, one gets the claim. An owner is asked for one thing at a time, the next one when it has
   * answered, or has not for 5 s.
   */
  begin(key: string, owner: string, claimMs: number): Promise<ClaimResult>;
  /** The event is handled: to be remembered for `retentionMs` milliseconds, whoever has claimed it meanwhile. */
  complete(key: string, owner: string, retentionMs: number): Promise<void>;
  /** The event was not handled: gives up the claim, if `owner` still has it. */
  release(key: string, owner: string): Promise<void>;
}

/** What {@link IdempotencyStore.begin} found. */
export type ClaimResult =
  /** The claim is the owner's: handle the event. */
  | { readonly state: 'claimed' }
  /** It was handled before: there is nothing to do. */
  | { readonly state: 'done' }
  /** Somebody else has claimed it, for so many milliseconds more. */
  | { readonly state: 'busy'; readonly leftMs: number };
