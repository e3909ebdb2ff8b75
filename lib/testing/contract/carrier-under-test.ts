import type { MessageReceiver, MessageSender, Queue, QueueFeatures } from '../../queue/queue.js';

/**
 * Configures the queue that a check of the contract opens.
 *
 * @publicApi
 */
export interface ContractOpenOptions {
  /**
   * True for a queue with message groups and the rules of SQS FIFO queues. Default false. Only
   * carriers with {@link CarrierPromises.fifo} are asked for such a queue.
   */
  readonly fifo?: boolean | undefined;
  /**
   * Number of receives after which a message moves to {@link CarrierEnds.deadLetters}. Only
   * carriers with {@link CarrierPromises.redrive} are asked for such a queue.
   */
  readonly maxReceiveCount?: number | undefined;
}

/**
 * Both ends of one queue. They may be separate objects. {@link bothEnds} serves a queue that is
 * both ends in one object.
 *
 * @publicApi
 */
export interface CarrierEnds {
  readonly sender: MessageSender;
  readonly receiver: MessageReceiver;
  /** Receives the messages that moved. Present if the check asked for `maxReceiveCount`. */
  readonly deadLetters?: MessageReceiver | undefined;
}

/**
 * Returns a queue as both ends of itself.
 *
 * @publicApi
 */
export function bothEnds(queue: Queue): CarrierEnds {
  return { sender: queue, receiver: queue };
}

/**
 * Gives the contract suite access to a carrier.
 *
 * @publicApi
 */
export interface CarrierUnderTest {
  /** Opens a new, empty queue. The check closes the ends when it is done. */
  open(options: ContractOpenOptions): Promise<CarrierEnds>;
  /**
   * Opens the queue of closed ends again, as another process would. Only carriers with
   * {@link CarrierPromises.reopens} are asked to.
   */
  readonly reopen?: ((ends: CarrierEnds) => Promise<CarrierEnds>) | undefined;
  /**
   * Moves the carrier's time forward by `ms`. Pass `(ms) => clock.advance(ms)` for a carrier on a
   * {@link VirtualClock}. Default: the carrier runs on the machine's clock, so checks on leases and
   * delays take seconds.
   */
  readonly advance?: ((ms: number) => Promise<void>) | undefined;
  /**
   * Milliseconds that an answer may take, beyond the seconds that the call itself waits for
   * messages. A check fails after this time instead of waiting forever. Default 5000.
   */
  readonly answerMs?: number | undefined;
  /**
   * Seconds of the short leases, delays and waits of the checks. 1 to 10, default 1. Raise the
   * number for a service far away: a lease must outlast a few answers.
   */
  readonly shortSeconds?: number | undefined;
}

/**
 * States what a carrier promises, and where it is known to fall short.
 *
 * @publicApi
 */
export interface CarrierPromises {
  /**
   * Features of the queues that `open` returns by default. The suite proves its promises. A sender
   * reports the entries on sending, a receiver the entries on receiving.
   */
  readonly features: QueueFeatures;
  /**
   * Features of queues opened with `fifo`. Default: the carrier has no such queues, and the checks
   * on FIFO queues do not run.
   */
  readonly fifo?: QueueFeatures | undefined;
  /**
   * True if a queue can move messages that were received too often to a dead-letter queue. Default
   * false.
   */
  readonly redrive?: boolean | undefined;
  /**
   * False if nothing stands between sender and receiver, as with a socket or an HTTP request. A
   * `send` may then resolve only when the receiver has settled its messages. A released message may
   * fail its `send` instead of arriving again. Checks that need stored messages do not run.
   * Default true.
   */
  readonly stores?: boolean | undefined;
  /**
   * True if {@link CarrierUnderTest.reopen} is present. The suite then proves that messages outlive
   * both ends. Default false.
   */
  readonly reopens?: boolean | undefined;
  /**
   * Titles of checks that are known to fail, each with the reason. A title that the suite does not
   * have is an error.
   */
  readonly deviations?: Readonly<Record<string, string>> | undefined;
}
