/** Everything the transport does that someone may want to count, trace or log. One type an event, plain data, no payloads. */
export type TransportEvent =
  /** A call is stored by the queue. */
  | { readonly type: 'stored'; readonly queue: string; readonly method: string; readonly messageId: string }
  /** A call will not be stored; its caller is told as well. */
  | { readonly type: 'emit-failed'; readonly queue: string; readonly method: string; readonly error: unknown }
  /** A receive answered, possibly with nothing. */
  | { readonly type: 'received'; readonly queue: string; readonly count: number }
  /** A receive failed; `failures` counts those in a row. */
  | { readonly type: 'poll-failed'; readonly queue: string; readonly failures: number; readonly error: unknown }
  /** A receive succeeded again after `failures` that did not. */
  | { readonly type: 'poll-recovered'; readonly queue: string; readonly failures: number }
  /** A delivery came to its end. Each does once, by this or by `settle-failed` with the same queue. */
  | SettledEvent
  /**
   * The queue did not carry out a settlement; the message comes back when its lease ends. With the name of the dead-letter queue: it
   * did not take a copy, and the message is retried.
   */
  | {
      readonly type: 'settle-failed';
      readonly queue: string;
      readonly messageId: string;
      readonly error: unknown;
      /** What should have become of the message. */
      readonly outcome: SettledEvent['outcome'];
      /** What was asked of the queue; nothing when it was a defect that kept it from being asked. */
      readonly verb?: 'acknowledge' | 'release' | 'send';
      /** Why it should have been retried or rejected. */
      readonly cause?: unknown;
    }
  /** A lease could not be renewed; it is tried again until the lease ends. */
  | { readonly type: 'renew-failed'; readonly queue: string; readonly messageId: string; readonly error: unknown }
  /** The queue may have given the message to someone else while it was being handled. */
  | { readonly type: 'lease-lost'; readonly queue: string; readonly messageId: string }
  /** The event loop was blocked for so long that leases could not be renewed in time, in ms. */
  | { readonly type: 'loop-delay'; readonly queue: string; readonly delayMs: number }
  /**
   * Nothing has been received for so long, in ms, since handlers have taken all slots, and none has ended: they hang, or take longer than
   * `concurrency` allows for. Told every five minutes while that lasts, and not before `handlerTimeoutMs`.
   */
  | { readonly type: 'stalled'; readonly queue: string; readonly forMs: number }
  /** A call was not run: the idempotency store says that its event was handled before. */
  | {
      readonly type: 'duplicate';
      readonly queue: string;
      readonly messageId: string;
      readonly method: string;
      readonly eventId: string;
    }
  /** The idempotency store failed after a call had begun: its event may be handled again, or only once its claim has ended. */
  | {
      readonly type: 'idempotency-failed';
      readonly queue: string;
      readonly messageId: string;
      readonly eventId: string;
      readonly verb: 'complete' | 'release' | 'renew';
      readonly error: unknown;
    };

/** How a delivery ended. */
export interface SettledEvent {
  readonly type: 'settled';
  readonly queue: string;
  readonly messageId: string;
  /** `returned`: it had not started and was released. `split`: the calls of its body that failed were sent again, one by one. */
  readonly outcome: 'ack' | 'retry' | 'split' | 'reject' | 'abandon' | 'released';
  /** The methods of the calls in the body; empty when it could not be decoded. */
  readonly methods: readonly string[];
  readonly receiveCount: number;
  /** From receive to settlement, in ms. */
  readonly elapsedMs: number;
  /** Of a rejection: what the poison policy made of it. `parked`: it stays, since it has been dead-lettered too often already. */
  readonly fate?: 'kept' | 'dead-lettered' | 'removed' | 'parked';
  /** Of a split: how many calls were sent again. */
  readonly resent?: number;
  /** Of a message that stays: seconds until it is visible again. */
  readonly delaySeconds?: number;
  /** Of a rejection: one of the closed list of reasons. */
  readonly reason?: string;
  readonly detail?: string;
  readonly error?: unknown;
}
