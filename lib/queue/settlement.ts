/** Why a message can never be handled: a closed list, so that it can be counted and matched. */
export type RejectReason =
  | 'not-base64'
  | 'empty'
  | 'too-large'
  | 'unknown-protocol'
  | 'bad-header'
  | 'wrong-message-type'
  | 'unknown-method'
  | 'unknown-service'
  | 'truncated'
  | 'type-mismatch'
  | 'missing-required'
  | 'limit-exceeded'
  | 'trailing-bytes'
  | 'invalid-utf8'
  | 'invalid-value'
  | 'bad-envelope'
  | 'md5-mismatch'
  | 'handler-rejected'
  | 'too-many-receives';

/**
 * How a delivery ends. Everything that handles messages returns one of these; only the settler acts on it.
 *
 * - `ack`: handled; remove it.
 * - `retry`: release it; it comes back in `delaySeconds`.
 * - `split`: some calls of its body failed and others did not; send those again one by one, then remove it; or do as `otherwise` says,
 *   where they cannot be sent.
 * - `reject`: it can never be handled; the poison policy decides what becomes of it.
 * - `abandon`: the lease is lost; whoever has the message now settles it, so do nothing.
 */
export type Settlement =
  | { readonly type: 'ack' }
  | { readonly type: 'retry'; readonly delaySeconds: number; readonly error?: unknown }
  | {
      readonly type: 'split';
      readonly failed: readonly FailedCall[];
      readonly otherwise: Extract<Settlement, { readonly type: 'retry' | 'reject' }>;
      readonly error?: unknown;
    }
  | { readonly type: 'reject'; readonly reason: RejectReason; readonly detail?: string; readonly error?: unknown }
  | { readonly type: 'abandon'; readonly error?: unknown };

/** A call of a body, by its position, and how long it is to wait. */
export interface FailedCall {
  readonly at: number;
  readonly delaySeconds: number;
}

/** The settlement of a handled message. */
export const ACK: Settlement = Object.freeze({ type: 'ack' });

/** The settlement of a message whose lease is lost. */
export const ABANDON: Settlement & { type: 'abandon' } = Object.freeze({ type: 'abandon' });
