import { shared } from '../common/shared.js';

/**
 * Describes a worker at one moment.
 *
 * @publicApi
 */
export interface WorkerState {
  /** Name of the queue. Undefined until the queue is open. */
  readonly queue: string | undefined;
  /**
   * `starting`: not started yet, or its queue is not open. `up`: receives and settles. `down`: cannot
   * receive or settle. `paused`: receives nothing until `resume`. `stopping`: drains. `stopped`: closed.
   */
  readonly status: 'starting' | 'up' | 'down' | 'paused' | 'stopping' | 'stopped';
  /** Counts the receives that are open. */
  readonly openReceives: number;
  /** Counts the slots that are taken by messages in hand and open receives. */
  readonly slotsTaken: number;
  /** Counts all slots as of now, at least `concurrency`. */
  readonly slots: number;
  /** Counts the calls whose handlers run. */
  readonly runningCalls: number;
  /** Counts the messages that are received and not settled. */
  readonly inHand: number;
  /** Time since the receive of the oldest message in hand, in ms. 0 without one. */
  readonly oldestInHandMs: number;
  /** Time since the worker last began a receive, in ms. Undefined before the first. */
  readonly sinceAttemptMs: number | undefined;
  /** Time since the queue last answered a receive, in ms. Undefined before the first. */
  readonly sinceReceiveMs: number | undefined;
  /** Time for which handlers have held all slots while none of them ended, in ms. 0 while a slot is free. */
  readonly stalledMs: number;
  /** Text of the last failure while the status is `down`. */
  readonly failure: string | undefined;
}

/**
 * Describes the sending to one queue at one moment.
 *
 * @publicApi
 */
export interface SendBufferState {
  /** Name of the queue, or its name in the contract until the queue is open. */
  readonly queue: string;
  /** False if the queue does not answer. */
  readonly up: boolean;
  /** Counts the calls that have no result yet. */
  readonly bufferedCalls: number;
  /** Counts the bytes of these calls. */
  readonly bufferedBytes: number;
}

/**
 * Describes a client at one moment.
 *
 * @publicApi
 */
export interface ClientState {
  /** `starting`: no queue is open yet. `up`: all queues answered last. `down`: one did not. `stopped`: closed. */
  readonly status: 'starting' | 'up' | 'down' | 'stopped';
  readonly queues: readonly SendBufferState[];
  /** Text of the last failure while the status is `down`. */
  readonly failure: string | undefined;
}

/** The workers and clients of this process that are not stopped, of all copies of this package. */
export interface LiveTransports {
  readonly workers: Set<{ readonly state: WorkerState }>;
  /** `whenSent` resolves when each call so far has its result. */
  readonly clients: Set<{ readonly state: ClientState; readonly whenSent?: () => Promise<void> }>;
}

/** Returns the workers and clients of this process that have begun to open queues and are not stopped. */
export function liveTransports(): LiveTransports {
  return shared('live-transports-1', () => ({ workers: new Set(), clients: new Set() }));
}
