/**
 * Lists the reasons why a message can never be handled.
 *
 * @publicApi
 */
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
  | 'too-many-receives'
  | 'expired'
  | 'worker-stopped';

/**
 * Describes the end of a delivery. Handling returns a settlement, and only the settler acts on it.
 *
 * - `ack`: the message was handled, so the settler acknowledges the message.
 * - `retry`: the settler releases the message, which comes back in `delaySeconds`.
 * - `split`: some calls of the body failed. The settler sends these calls again one by one, then
 *   acknowledges the message. If the calls cannot be sent, `otherwise` applies.
 * - `reject`: the message can never be handled. The poison policy decides about the message.
 * - `abandon`: the lease is lost. The settler does nothing, since another receiver may hold the
 *   message.
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

/** Identifies a failed call by its position in the body, with the delay before its retry. */
export interface FailedCall {
  readonly at: number;
  readonly delaySeconds: number;
  /** True if the calls behind this call could not be read either, so they share its outcome. */
  readonly andRest?: boolean;
}

/** Settles a handled message. */
export const ACK: Settlement = Object.freeze({ type: 'ack' });

/** Settles a message whose lease is lost. */
export const ABANDON: Settlement & { type: 'abandon' } = Object.freeze({ type: 'abandon' });
