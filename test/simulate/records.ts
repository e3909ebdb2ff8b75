import type { EntryResult, Release } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import type { RequestFault } from './plan.js';

/** A request of a process to the queue, the dead-letter queue or the idempotency store. */
export interface RequestRecord {
  readonly name: string;
  readonly verb: string;
  readonly queue: string;
  readonly sentAt: number;
  /** Set if the network or the service did something to the request. */
  fault?: RequestFault | 'outage' | 'slow';
  /** Time at which the process read the answer or the error. */
  endedAt?: number;
  /** Kind of the error that the process read. `aborted`: the process gave up the request. */
  error?: string;
  /** Deliveries that the request is about. */
  readonly deliveries: readonly DeliveryRecord[];
  /** Calls that the request carries. */
  readonly calls: readonly number[];
}

/** A call of a verb of the queue port with entries, and what the process read. A crashed process may have read nothing. */
export interface PortRequest {
  readonly process: ProcessRecord;
  readonly queue: string;
  readonly verb: string;
  /** The delivery of each entry. Copies and calls that are sent again have the delivery of their original. */
  readonly originals: readonly (DeliveryRecord | undefined)[];
  /** The cause of each entry of a release. */
  readonly causes?: readonly (Release['cause'] | undefined)[];
  /** Answers of the queue. A repeated request has two. */
  readonly executions: (readonly EntryResult[])[];
  /** Time at which the process read the answer or the error. */
  endedAt?: number;
  /** The one answer that the process read. */
  results?: readonly EntryResult[];
  /** Code of the error that the process read. */
  error?: string;
}

/** One run of the handler of a call. */
export interface RunRecord {
  readonly call: number;
  readonly delivery: DeliveryRecord;
  readonly process: ProcessRecord;
  readonly startedAt: number;
  endedAt?: number;
  abortedAt?: number;
  /** `late`: the handler succeeded after its signal had aborted. */
  outcome?: 'ok' | 'failed' | 'late';
}

/** One delivery of a message. */
export interface DeliveryRecord {
  readonly message: MessageRecord;
  readonly number: number;
  readonly process: string;
  readonly receipt: string;
  readonly leasedAt: number;
  /** Time in ms at which the lease ends unless it is extended. */
  readonly firstUntil: number;
  /** Time in ms at which the lease ends, as the queue knows it. */
  until: number;
  readAt?: number;
  /** Time at which the queue carried out a settlement of this delivery. */
  settledAt?: number;
  /** True if the queue delivered the message although its lease had not ended. */
  readonly anomaly: boolean;
  readonly runs: RunRecord[];
  /** Seconds of each release, with the verb's cause. */
  readonly releases: { readonly at: number; readonly seconds: number; readonly cause: string }[];
  /** Outcomes that the process reported for this delivery, such as `ack` or `lease-lost`. */
  readonly reports: { readonly at: number; readonly what: string }[];
  /** Times of the requests that acknowledge this delivery. */
  readonly acknowledgedAt: number[];
  /** True if the queue answered success to an acknowledgement that had no effect. */
  ignoredAck?: boolean;
}

/** A stored message. */
export interface MessageRecord {
  readonly id: string;
  readonly queue: string;
  readonly calls: readonly number[];
  readonly undecodable: boolean;
  readonly groupId: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly original: ReceivedMessage | undefined;
  readonly storedAt: number;
  readonly sender: string;
  readonly deliveries: DeliveryRecord[];
  /** Set when the message has left its queue. */
  left?: {
    readonly at: number;
    readonly how: 'acknowledge' | 'discard' | 'moved';
    /** The delivery that ended the message. */
    readonly delivery: DeliveryRecord | undefined;
  };
}

/** An emit of a client. */
export interface EmitRecord {
  readonly call: number;
  readonly process: ProcessRecord;
  readonly at: number;
  endedAt?: number;
  /** Id of the stored message; undefined after a failure. */
  id?: string;
  error?: string;
}

/** A client or a worker, from its start to its end. */
export interface ProcessRecord {
  readonly name: string;
  readonly kind: 'client' | 'worker';
  readonly startedAt: number;
  /** Time at which its queues were open. */
  openAt?: number;
  readonly pauses: { readonly from: number; to: number }[];
  crashedAt?: number;
  stopAt?: number;
  stoppedAt?: number;
  readonly requests: RequestRecord[];
  readonly statuses: { readonly at: number; readonly status: string }[];
  readonly logs: { readonly at: number; readonly text: string }[];
  /** Timers of the engine that are left ten seconds after the stop. */
  timersLeft?: number;
  /** Store requests that failed or came late. */
  storeFaults: number;
}
