/**
 * Describes what the transport does, for metrics, traces and logs. Each event has its own type,
 * holds plain data and carries no payload.
 *
 * @publicApi
 */
export type TransportEvent =
  /** Reports that the queue stored a call. `buffered` counts the calls that still wait in the send buffer of the queue. */
  | {
      readonly type: 'stored';
      readonly queue: string;
      readonly method: string;
      readonly messageId: string;
      readonly buffered: number;
    }
  /** Reports that a call will not be stored. The caller receives an error as well. */
  | { readonly type: 'emit-failed'; readonly queue: string; readonly method: string; readonly error: unknown }
  /**
   * Reports attributes that a message did not get, because the queue takes no more. Left out are
   * attributes of tracing, or the event id beside ten own attributes.
   */
  | {
      readonly type: 'attributes-left-out';
      readonly queue: string;
      readonly method: string;
      readonly names: readonly string[];
    }
  /**
   * Reports that the queue accepts less than its limits state. The queue refused `refusedBytes` as too
   * large. From now on the client sends at most `maxBytes` in one request, or in one body of several
   * calls. A single larger call is still sent.
   */
  | {
      readonly type: 'size-limit-learned';
      readonly queue: string;
      readonly of: 'request' | 'body';
      readonly refusedBytes: number;
      readonly maxBytes: number;
    }
  /** Reports a request of a client without an answer. `failures` counts the failures in a row. */
  | { readonly type: 'send-failed'; readonly queue: string; readonly failures: number; readonly error: unknown }
  /** Reports that the queue answered a client after `failures` failures. */
  | { readonly type: 'send-recovered'; readonly queue: string; readonly failures: number }
  /**
   * Reports an answered receive. The answer may hold no message. `slots` counts the slots that are
   * taken then, and `openReceives` the receives that are open.
   */
  | {
      readonly type: 'received';
      readonly queue: string;
      readonly count: number;
      readonly slots: number;
      readonly openReceives: number;
    }
  /** Reports a message that the worker took over. Reported only while something listens. */
  | DeliveredEvent
  /** Reports the end of a call's handlers. Reported only while something listens. */
  | HandledEvent
  /** Reports the end of a request to a queue. Reported only while something listens. */
  | RequestEvent
  /** Reports a failed receive. `failures` counts the failures in a row. */
  | { readonly type: 'poll-failed'; readonly queue: string; readonly failures: number; readonly error: unknown }
  /** Reports that a receive succeeded after `failures` failures. */
  | { readonly type: 'poll-recovered'; readonly queue: string; readonly failures: number }
  /**
   * Reports the end of a delivery. Each delivery ends once: by this event or by `settle-failed`
   * with the same queue.
   */
  | SettledEvent
  /**
   * Reports that the queue did not carry out a settlement. The message returns when its lease ends.
   * If `queue` is the dead-letter queue, it did not store a copy and the message is retried.
   */
  | SettleFailedEvent
  /** Reports a failed lease renewal. The transport retries the renewal until the lease ends. */
  | { readonly type: 'renew-failed'; readonly queue: string; readonly messageId: string; readonly error: unknown }
  /**
   * Reports a lost lease, once for each delivery. The queue may have given the message to another
   * receiver while this worker handled it, or before the queue removed it.
   */
  | { readonly type: 'lease-lost'; readonly queue: string; readonly messageId: string }
  /**
   * Reports that the event loop was blocked too long to renew leases in time. `delayMs` is in ms.
   */
  | { readonly type: 'loop-delay'; readonly queue: string; readonly delayMs: number }
  /**
   * Reports that handlers have held all slots for `forMs` ms. None of them has ended, and nothing
   * was received. The handlers hang, or take longer than `concurrency` allows for. Repeats every
   * five minutes during the stall, or every `handlerTimeoutMs` if that time is longer.
   */
  | { readonly type: 'stalled'; readonly queue: string; readonly forMs: number }
  /**
   * Reports a call whose handlers have run for `forMs` ms and have not ended, once for each call. See
   * the option `slowCallMs`.
   */
  | {
      readonly type: 'slow-call';
      readonly queue: string;
      readonly method: string;
      readonly messageId: string;
      readonly forMs: number;
    }
  /** Reports a skipped call. According to the idempotency store the event was handled before. */
  | {
      readonly type: 'duplicate';
      readonly queue: string;
      readonly messageId: string;
      readonly method: string;
      readonly eventId: string;
    }
  /**
   * Reports that the idempotency store failed after a call had begun. The event may be handled
   * again, or only after its claim has ended.
   */
  | {
      readonly type: 'idempotency-failed';
      readonly queue: string;
      readonly messageId: string;
      readonly eventId: string;
      readonly verb: 'complete' | 'release' | 'renew';
      readonly error: unknown;
    };

/**
 * Describes a message that a worker took over.
 *
 * @publicApi
 */
export interface DeliveredEvent {
  readonly type: 'delivered';
  readonly queue: string;
  readonly messageId: string;
  readonly receiveCount: number;
  /** Time at which the queue stored the message, in ms since the epoch. Absent if the carrier does not know it. */
  readonly sentAt?: number | undefined;
}

/**
 * Describes the end of one call: all handlers of its method have ended, or its deadline is over.
 *
 * @publicApi
 */
export interface HandledEvent {
  readonly type: 'handled';
  readonly queue: string;
  /** Carrier of the queue, such as `sqs`. */
  readonly carrier: string;
  readonly service: string;
  readonly method: string;
  readonly messageId: string;
  readonly receiveCount: number;
  /** Time at which the queue stored the message, in ms since the epoch. Absent if the carrier does not know it. */
  readonly sentAt?: number | undefined;
  /** Time from the start of the handlers to their end, in ms. */
  readonly elapsedMs: number;
  readonly outcome: 'succeeded' | 'failed';
  readonly error?: unknown;
}

/**
 * Describes one request to a queue. Repetitions inside a carrier, such as those of the AWS SDK, count
 * as one request.
 *
 * @publicApi
 */
export interface RequestEvent {
  readonly type: 'request';
  readonly queue: string;
  /** Carrier of the queue, such as `sqs`. */
  readonly carrier: string;
  readonly verb: 'send' | 'receive' | 'acknowledge' | 'discard' | 'release' | 'extend';
  /** Time from the request to its answer, in ms. A receive includes its long poll. */
  readonly elapsedMs: number;
  /** Counts the entries of the request, or the messages that a receive returned. */
  readonly entries: number;
  /** Counts the bytes of the messages that the request sent or received, with their attributes. */
  readonly bytes: number;
  /** True if the queue throttled the request, or entries of it. */
  readonly throttled: boolean;
  /** Counts the entries that failed, by the code of their error. Empty if all succeeded. */
  readonly failures: Readonly<Record<string, number>>;
  /** Set if the request failed as a whole. */
  readonly error?: unknown;
}

/**
 * Describes the end of a delivery.
 *
 * @publicApi
 */
export interface SettledEvent {
  readonly type: 'settled';
  readonly queue: string;
  readonly messageId: string;
  /**
   * States the outcome of the delivery. `released`: the delivery had not started and was released.
   * `split`: the failed calls of the body were sent again, one by one.
   */
  readonly outcome: 'ack' | 'retry' | 'split' | 'reject' | 'abandon' | 'released';
  /** Lists the methods of the calls in the body. Empty if the body was not decoded: it is malformed, or its first call never had a slot. */
  readonly methods: readonly string[];
  readonly receiveCount: number;
  /** Measures the time from receive to settlement, in ms. */
  readonly elapsedMs: number;
  /**
   * States the action of the poison policy on a rejected message. `parked`: the message stays,
   * since it was already dead-lettered too often.
   */
  readonly fate?: 'kept' | 'dead-lettered' | 'removed' | 'parked';
  /** Counts the calls of a split body that were sent again. */
  readonly resent?: number;
  /** Gives the seconds until a message that stays is visible again. */
  readonly delaySeconds?: number | undefined;
  /** Gives the reason of a rejection, from a closed list. */
  readonly reason?: string;
  readonly detail?: string;
  readonly error?: unknown;
}

/**
 * Describes a settlement that the queue did not carry out.
 *
 * @publicApi
 */
export interface SettleFailedEvent {
  readonly type: 'settle-failed';
  readonly queue: string;
  readonly messageId: string;
  readonly error: unknown;
  /** States the intended outcome of the message. */
  readonly outcome: SettledEvent['outcome'];
  /** Names the request to the queue. Absent when a defect prevented the request. */
  readonly verb?: 'acknowledge' | 'discard' | 'release' | 'send';
  /** Gives the reason for the intended retry or rejection. */
  readonly cause?: unknown;
}
