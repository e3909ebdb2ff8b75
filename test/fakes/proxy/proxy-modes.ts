/** Lists the effects of a proxy on the bytes that pass through it. */
export type ProxyMode =
  | { readonly kind: 'up' }
  /** Nobody listens, and what was connected is reset. */
  | { readonly kind: 'down' }
  /**
   * Connections are accepted and swallow all bytes, and neither side learns that the other has left. A connection that lost some is dead
   * for good, as behind a router that forgot it; one that was silent meanwhile lives on.
   */
  | { readonly kind: 'blackHole' }
  /** Bytes come later, in either direction, by `ms` and up to `jitterMs` more. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number; readonly random?: () => number }
  /** Bytes trickle, in each direction of each connection. */
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** Bytes come in pieces of this size, each in a packet of its own. */
  | { readonly kind: 'slice'; readonly bytes: number }
  /**
   * Connections are reset, each with a probability, or (`per: 'request'`) at each request with a probability. It strikes when
   * `afterBytes` (default 0) of the request, or (`at: 'answer'`) of the answer, have passed. Give it a seeded `random`.
   */
  | {
      readonly kind: 'reset';
      readonly probability: number;
      readonly random: () => number;
      readonly per?: 'connection' | 'request';
      readonly at?: 'request' | 'answer';
      readonly afterBytes?: number;
    }
  /** Connections end when this many bytes of answers have passed. */
  | { readonly kind: 'limitData'; readonly bytes: number };

/** A mode that is on, until `over` aborts. */
export interface CurrentMode {
  readonly mode: ProxyMode;
  readonly over: AbortSignal;
}

/** Which way bytes go. */
export type Direction = 'request' | 'answer';
