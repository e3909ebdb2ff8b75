import type { EventSink } from '../diagnostics/event-sink.js';
import type { SettledEvent } from '../diagnostics/transport-event.js';
import { Batcher } from '../queue/batcher.js';
import type { Clock } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import { messageBytes, type ReceivedMessage, type WireBody, type WireMessage } from '../queue/wire-message.js';
import type { VisibilityChange, EntryResult, Queue, SendResult } from '../queue/queue.js';
import { ABANDON, type Settlement } from '../queue/settlement.js';
import { deadLetter, deadLetterCount, type PoisonPolicy, withoutNote } from './dead-letter.js';
import type { Delivery } from './delivery.js';
import { type Attempt, retry, type RetryDelay } from './retry-policy.js';
import { Splitter } from './splitter.js';

/** Requests of one verb open at once. */
const MAX_IN_FLIGHT = 8;
/** A settlement is worth a few tries; after those the message comes back by itself. */
const MAX_ATTEMPTS = 4;
/** With the request that is under way then, 15 s at most: what is left of a usual lease, which is not renewed any more. */
const DELIVERY_TIMEOUT_MS = 8_000;
const RETRY_BASE_MS = 100;
const RETRY_MAX_MS = 2_000;

/** What a {@link Settler} is made of. */
export interface SettlerParts {
  readonly queue: Queue;
  readonly clock: Clock;
  readonly report: EventSink;
  readonly poisonPolicy: PoisonPolicy;
  readonly delay: RetryDelay;
  readonly attempt: (delivery: Delivery) => Attempt;
  /** Called for a message that was handled and comes back, with the seconds until then. */
  readonly comesBack: (message: ReceivedMessage, seconds: number) => void;
  /** The calls of a body, each as a body of its own. */
  readonly split: (body: WireBody) => readonly WireBody[];
}

/** Whether the message has left the queue, and what the queue said; nothing when it was not asked. */
interface SettlementResult {
  readonly gone: boolean;
  readonly done?: EntryResult;
  readonly verb?: 'acknowledge' | 'release' | 'send';
  readonly fate?: NonNullable<SettledEvent['fate']>;
  readonly delaySeconds?: number;
  readonly resent?: number;
}

type Rejection = Settlement & { readonly type: 'reject' };
type Split = Settlement & { readonly type: 'split' };
/** The settlement as it is reported: for a split its result, not its plan. */
type ReportedSettlement = Exclude<Settlement, Split> | Pick<Split, 'type' | 'error'> | { readonly type: 'released' };

/** Acts on settlements: the only place that acknowledges or releases a message. */
export class Settler {
  private readonly acknowledgements: Batcher<ReceivedMessage, EntryResult>;
  private readonly releases: Batcher<VisibilityChange, EntryResult>;
  private readonly splitter: Splitter;

  constructor(private readonly parts: SettlerParts) {
    const { queue, clock } = parts;
    const shared = {
      queue: queue.name,
      clock,
      maxEntries: queue.limits.batchEntries,
      maxInFlight: MAX_IN_FLIGHT,
      lingerMs: 0,
      maxAttempts: MAX_ATTEMPTS,
      deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
      retryBaseMs: RETRY_BASE_MS,
      retryMaxMs: RETRY_MAX_MS,
    };
    this.acknowledgements = new Batcher({ ...shared, run: (messages) => queue.acknowledge(messages) });
    this.releases = new Batcher({ ...shared, run: (entries) => queue.release(entries) });
    const resends = new Batcher<WireMessage, SendResult>({
      ...shared,
      maxBytes: queue.limits.batchBytes,
      sizeOf: (message) => queue.wireBytes?.(message) ?? messageBytes(message),
      run: (messages) => queue.send(messages),
    });
    this.splitter = new Splitter({ ...parts, resends });
  }

  /**
   * Carries the settlement out and reports how it went. Resolves with whether the message has left the queue. Never rejects: a
   * message that could not be settled comes back.
   */
  async settle(delivery: Delivery, settlement: Settlement): Promise<boolean> {
    if (settlement.type === 'split') return this.split(delivery, settlement);
    const result = await this.carryOut(delivery, settlement);
    this.reportSettled(delivery, settlement, result);
    return result.gone;
  }

  /** Releases a delivery that has not been started, for others to receive at once. */
  async release(delivery: Delivery): Promise<void> {
    await delivery.lease.stop();
    const result = delivery.lease.lost ? { gone: false } : await this.releaseAfter(delivery.message, 0);
    this.reportSettled(delivery, { type: 'released' }, result);
  }

  private carryOut(delivery: Delivery, settlement: Exclude<Settlement, Split>): Promise<SettlementResult> {
    switch (settlement.type) {
      case 'ack':
        return this.acknowledge(delivery.message);
      case 'retry':
        return this.putOff(delivery.message, settlement.delaySeconds);
      case 'reject':
        return this.reject(delivery, settlement);
      case 'abandon':
        return Promise.resolve({ gone: false });
    }
  }

  private async reject(delivery: Delivery, settlement: Rejection): Promise<SettlementResult> {
    const { queue, poisonPolicy, delay, attempt } = this.parts;
    const { message } = delivery;
    if (poisonPolicy.type === 'drop') return { ...(await this.acknowledge(message)), fate: 'removed' };
    // One that stays holds up its group, for which anybody who may send need only write a count.
    const mayStay = poisonPolicy.type === 'dead-letter' && !queue.features.ordered;
    const parked = mayStay && deadLetterCount(message) >= poisonPolicy.max;
    if (
      poisonPolicy.type === 'dead-letter' &&
      !parked &&
      (await this.copied(delivery, settlement, poisonPolicy.deadLetters))
    ) {
      return { ...(await this.acknowledge(message)), fate: 'dead-lettered' };
    }
    const at = attempt(delivery);
    return { ...(await this.putOff(message, retry(delay(at), at).delaySeconds)), fate: parked ? 'parked' : 'kept' };
  }

  /** The body goes only when all of its failed calls are in the queue again; until then it stays whole, and its lease is renewed. */
  private async split(delivery: Delivery, { failed, otherwise, error }: Split): Promise<boolean> {
    const told = { type: 'split', ...(error !== undefined && { error }) } as const;
    const sent = await this.splitter.send(delivery, failed);
    await delivery.lease.stop();
    if (delivery.lease.lost) return this.settle(delivery, { ...told, ...ABANDON });
    if (sent.ok) {
      const result = await this.acknowledge(delivery.message);
      if (result.gone) this.splitter.forget(delivery);
      this.reportSettled(delivery, told, { ...result, resent: failed.length });
      return result.gone;
    }
    if (sent.error === undefined || otherwise.type === 'reject') return this.settle(delivery, otherwise);
    await this.carryOut(delivery, otherwise);
    this.reportSettled(delivery, told, { gone: false, done: { ok: false, error: sent.error }, verb: 'send' });
    return false;
  }

  private async copied({ message }: Delivery, settlement: Rejection, target: Queue): Promise<boolean> {
    const deadLetterCopy = deadLetter(message, settlement, this.parts.queue, target);
    let outcome = await this.copy(deadLetterCopy, target);
    // What is wrong with it may be our note, whatever we know of sizes; the message is worth more.
    if (!outcome.ok && outcome.error.kind === 'invalid') outcome = await this.copy(withoutNote(deadLetterCopy), target);
    if (outcome.ok) return true;
    const { error } = outcome;
    const cause = settlement.error;
    this.parts.report({
      type: 'settle-failed',
      queue: target.name,
      messageId: message.id,
      error,
      outcome: 'reject',
      verb: 'send',
      cause,
    });
    return false;
  }

  private async copy(message: Parameters<Queue['send']>[0][number], target: Queue): Promise<EntryResult> {
    try {
      const [outcome] = await target.send([message]);
      if (!outcome) throw new Error('the answer has no line for the copy');
      return outcome;
    } catch (error) {
      return { ok: false, error: QueueError.from(error, target.name) };
    }
  }

  private async acknowledge(message: ReceivedMessage): Promise<SettlementResult> {
    const done = await this.acknowledgements.add(message);
    return { gone: done.ok, done, verb: 'acknowledge' };
  }

  private putOff(message: ReceivedMessage, seconds: number): Promise<SettlementResult> {
    this.parts.comesBack(message, seconds);
    return this.releaseAfter(message, seconds);
  }

  private async releaseAfter(message: ReceivedMessage, seconds: number): Promise<SettlementResult> {
    const done = await this.releases.add({ message, seconds });
    return { gone: false, done, verb: 'release', delaySeconds: seconds };
  }

  private reportSettled({ message, calls }: Delivery, settlement: ReportedSettlement, result: SettlementResult): void {
    const { queue, clock, report } = this.parts;
    const { done, verb, fate, delaySeconds, resent } = result;
    const { type: outcome, ...details } = settlement;
    const cause = 'error' in details ? details.error : undefined;
    const about = { queue: queue.name, messageId: message.id, outcome };
    if (done && !done.ok) {
      return report({ ...about, type: 'settle-failed', error: done.error, cause, ...(verb && { verb }) });
    }
    report({
      ...details,
      ...about,
      type: 'settled',
      ...(fate && { fate }),
      ...(delaySeconds !== undefined && { delaySeconds }),
      ...(resent !== undefined && { resent }),
      methods: calls.map((call) => call.method),
      receiveCount: message.receiveCount,
      elapsedMs: clock.now() - message.receivedAt,
    });
  }
}
