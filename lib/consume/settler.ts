import { RequestFollower } from '../diagnostics/request-follower.js';
import type { EventSink } from '../diagnostics/event-sink.js';
import type { SettledEvent } from '../diagnostics/transport-event.js';
import type { EventCodec } from '../event/event-codec.js';
import type { Clock } from '../queue/clock.js';
import { obeysDelay } from '../queue/ignored-delay.js';
import type { QueueError } from '../queue/queue-error.js';
import { type MessageReceiver, type MessageSender, type Release, resenderOf } from '../queue/queue.js';
import { ABANDON, ACK, type RejectReason, type Settlement } from '../queue/settlement.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import { deadLetterCount, type PoisonPolicy, sendDeadLetter } from './dead-letter.js';
import { attemptOf, type Delivery } from './delivery.js';
import { isLastReceive, usesUpReceives } from './redrive.js';
import { retry, type RetryPolicy } from './retry-policy.js';
import { batcherSettings, removed, SettlementBatches, type SettlementResult } from './settlement-batches.js';
import { Semaphore } from './semaphore.js';
import { Splitter, type UnfinishedSplits } from './splitter.js';

export interface SettlerParts {
  readonly queue: MessageReceiver;
  readonly codec: Pick<EventCodec, 'split'>;
  readonly clock: Clock;
  readonly report: EventSink;
  readonly poisonPolicy: PoisonPolicy;
  readonly retry: RetryPolicy;
  readonly splits?: UnfinishedSplits | undefined;
  /** Returns the time in ms for which an acknowledgement may wait for others now. */
  readonly lingerMs: () => number;
}

type Rejection = Settlement & { readonly type: 'reject' };
type Split = Settlement & { readonly type: 'split' };
type Retry = Settlement & { readonly type: 'retry' };
type Abandon = Settlement & { readonly type: 'abandon' };
/** The settlement as it is reported: a split without its plan. */
type ReportedSettlement = Exclude<Settlement, Split> | Pick<Split, 'type' | 'error'> | { readonly type: 'released' };

/** Copies that are sent side by side. Each is a request, and thousands of connections at once would fail. */
const MOST_COPIES = 256;
const LEFT_ALONE: SettlementResult = Object.freeze({ gone: false });

/** Acts on settlements. Only the settler acknowledges, discards and releases messages. */
export class Settler {
  private readonly batches: SettlementBatches;
  private readonly copies = new Semaphore(MOST_COPIES);
  private readonly splitter: Splitter | undefined;
  private readonly requests: RequestFollower;

  constructor(private readonly parts: SettlerParts) {
    const { queue } = parts;
    const batching = batcherSettings(queue, parts.clock);
    const requests = (this.requests = new RequestFollower(parts));
    this.batches = new SettlementBatches(queue, batching, requests, parts.lingerMs);
    const sender = resenderOf(queue);
    if (sender) this.splitter = new Splitter({ ...parts, sender, batching, requests });
  }

  /**
   * Acts on the settlement, reports the result, and sets `gone` and `visibleAt` of the delivery. A
   * message that could not be settled comes back when its lease ends. Never rejects.
   */
  async settle(delivery: Delivery, settlement: Settlement): Promise<void> {
    if (settlement.type === 'split') return this.split(delivery, settlement);
    if (settlement.type === 'reject') return this.reject(delivery, settlement);
    if (settlement.type === 'ack') {
      const result = await this.batches.acknowledgements.add(delivery.message);
      return this.report(delivery, settlement, removed('acknowledge', delivery, result));
    }
    this.report(delivery, settlement, await this.act(delivery, settlement));
  }

  /** Releases a delivery that has not started, visible to other receivers at once. Never rejects. */
  async release(delivery: Delivery): Promise<void> {
    try {
      await delivery.lease.stop();
      if (delivery.lease.lost) return this.report(delivery, ABANDON, LEFT_ALONE);
      this.report(delivery, { type: 'released' }, await this.putBack(delivery, 0, 'not-started'));
    } catch (error) {
      this.fail(delivery, 'released', error);
    }
  }

  /** Ends the settlements that wait for a request, at the end of a stop. */
  close(): void {
    this.splitter?.close(this.batches.close());
  }

  /** Reports a defect that prevented a settlement. The message comes back when its lease ends. */
  fail({ message, lease }: Delivery, outcome: SettledEvent['outcome'], error: unknown): Settlement {
    void lease.stop();
    const { report, queue } = this.parts;
    report({ type: 'settle-failed', queue: queue.name, messageId: message.id, error, outcome });
    return ABANDON;
  }

  private act(delivery: Delivery, settlement: Retry | Abandon): Promise<SettlementResult> {
    if (settlement.type === 'abandon') return Promise.resolve(LEFT_ALONE);
    return this.putBack(delivery, this.delayOfRetry(delivery, settlement.delaySeconds), 'failed');
  }

  /** Follows the poison policy. The lease is renewed until the message is copied. */
  private async reject(delivery: Delivery, settlement: Rejection): Promise<void> {
    const { queue, poisonPolicy } = this.parts;
    const { message } = delivery;
    if (poisonPolicy.type === 'drop') return this.removeRejected(delivery, settlement, 'removed');
    const deadLetters = poisonPolicy.type === 'dead-letter' ? poisonPolicy : undefined;
    // On an ordered queue a parked message would block its group, and any sender can write a count.
    const parked = deadLetters && !queue.features.ordered && deadLetterCount(message) >= deadLetters.max;
    if (deadLetters && !parked && (await this.copied(message, settlement, deadLetters.deadLetters))) {
      return this.removeRejected(delivery, settlement, 'dead-lettered');
    }
    await delivery.lease.stop();
    if (delivery.lease.lost) return this.abandon(delivery, settlement.error);
    const result = await this.putBack(delivery, this.delayOfRejected(delivery, settlement.reason), 'failed');
    this.report(delivery, settlement, { ...result, fate: parked ? 'parked' : 'kept' });
  }

  private async removeRejected(
    delivery: Delivery,
    settlement: Rejection,
    fate: 'removed' | 'dead-lettered',
  ): Promise<void> {
    delivery.lease.end();
    if (delivery.lease.lost) return this.abandon(delivery, settlement.error);
    this.report(delivery, settlement, { ...(await this.discard(delivery, settlement)), fate });
  }

  /** Returns the delay of a failed message in seconds: 0 if it cannot come back and would only hold up its group. */
  private delayOfRetry({ message }: Delivery, seconds: number): number {
    const { features, redrive } = this.parts.queue;
    return features.ordered && isLastReceive(message, redrive) ? 0 : seconds;
  }

  /** Returns the delay of a rejected message that stays, in seconds. */
  private delayOfRejected(delivery: Delivery, reason: RejectReason): number {
    const { queue, poisonPolicy } = this.parts;
    if (poisonPolicy.type === 'redrive' && usesUpReceives(delivery.message, reason, queue)) return 0;
    return this.retryLater(delivery).delaySeconds;
  }

  private retryLater(delivery: Delivery): Retry {
    const { queue, clock, retry: policy } = this.parts;
    const attempt = attemptOf(delivery, queue, clock);
    return retry(policy.delay(attempt), attempt);
  }

  private abandon(delivery: Delivery, error: unknown): void {
    this.report(delivery, { ...ABANDON, ...(error !== undefined && { error }) }, LEFT_ALONE);
  }

  /**
   * Sends the failed calls again, each by itself, then acknowledges the body. Until all of them are
   * stored, the body stays in the queue and its lease is renewed.
   */
  private async split(delivery: Delivery, split: Split): Promise<void> {
    const { lease } = delivery;
    const sent = (await this.splitter?.send(delivery, split.failed)) ?? { ok: false };
    if (!sent.ok) return this.notSplit(delivery, split, sent.error);
    lease.end();
    if (lease.lost) return this.abandon(delivery, split.error);
    const result = removed('acknowledge', delivery, await this.batches.acknowledgements.add(delivery.message));
    this.report(delivery, withoutPlan(split), { ...result, resent: sent.resent });
  }

  /**
   * Settles a body whose failed calls were not sent, or not completely. Calls that could not be read may
   * be good ones, so a failure that passes does not reject them.
   */
  private async notSplit(delivery: Delivery, split: Split, error: QueueError | undefined): Promise<void> {
    const { otherwise } = split;
    const passes = delivery.hasUnreadable && error?.retryable === true;
    const later = otherwise.type === 'retry' ? otherwise : passes ? this.retryLater(delivery) : undefined;
    if (later !== undefined) await delivery.lease.stop();
    if (delivery.lease.lost) return this.abandon(delivery, split.error);
    if (later === undefined || error === undefined) return this.settle(delivery, later ?? otherwise);
    await this.act(delivery, later);
    this.report(delivery, withoutPlan(split), { gone: false, verb: 'send', error });
  }

  /** Copies a message to the dead-letter queue. False if the queue did not store the copy. */
  private async copied(message: ReceivedMessage, settlement: Rejection, target: MessageSender): Promise<boolean> {
    await this.copies.acquire(1);
    const result = await sendDeadLetter(message, settlement, this.parts.queue, target, this.requests).finally(() =>
      this.copies.release(1),
    );
    if (result.ok) return true;
    const { error } = result;
    const about = { queue: target.name, messageId: message.id, outcome: 'reject', verb: 'send' } as const;
    this.parts.report({ ...about, type: 'settle-failed', error, cause: settlement.error });
    return false;
  }

  private async discard(delivery: Delivery, { reason }: Rejection): Promise<SettlementResult> {
    return removed('discard', delivery, await this.batches.discards.add({ message: delivery.message, reason }));
  }

  private async putBack(delivery: Delivery, seconds: number, cause: Release['cause']): Promise<SettlementResult> {
    if (cause === 'failed') delivery.visibleAt = this.parts.clock.now() + seconds * 1000;
    const result = await this.batches.releases.add({ message: delivery.message, seconds, cause });
    const delaySeconds = obeysDelay(result) ? seconds : undefined;
    return { gone: false, verb: 'release', delaySeconds, ...(!result.ok && { error: result.error }) };
  }

  private report(delivery: Delivery, settlement: ReportedSettlement, result: SettlementResult): void {
    const { queue, clock, report } = this.parts;
    const { message, calls } = delivery;
    const { type: outcome } = settlement;
    const { gone, verb, error } = result;
    delivery.gone = gone;
    if (gone) this.splitter?.forget(delivery);
    if (error) {
      const cause = 'error' in settlement ? settlement.error : undefined;
      const about = { queue: queue.name, messageId: message.id, outcome };
      return report({ ...about, type: 'settle-failed', error, cause, ...(verb && { verb }) });
    }
    const event = {
      type: 'settled',
      queue: queue.name,
      messageId: message.id,
      outcome,
      methods: calls.map((call) => call.method),
      receiveCount: message.receiveCount,
      elapsedMs: clock.now() - message.receivedAt,
    } as const;
    // Nearly all messages are acknowledged, which has no details.
    if (settlement === ACK) return report(event);
    const { type: _type, ...details } = settlement;
    const { gone: _gone, verb: _verb, error: _error, ...more } = result;
    report({ ...details, ...more, ...event });
  }
}

/** Returns a split as it is reported. */
function withoutPlan({ error }: Split): Pick<Split, 'type' | 'error'> {
  return { type: 'split', ...(error !== undefined && { error }) };
}
