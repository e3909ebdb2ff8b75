import { Deduplication } from '#lib/carriers/memory/deduplication.js';
import { MEMORY_FEATURES, type ResolvedMemoryQueueOptions } from '#lib/carriers/memory/memory-queue-options.js';
import { findMessageFault } from '#lib/carriers/memory/message-rules.js';
import type { Clock } from '#lib/queue/clock.js';
import type { QueueFeatures, ReceiveOptions, RedrivePolicy, SendResult } from '#lib/queue/queue.js';
import { QueueError } from '#lib/queue/queue-error.js';
import type { ReceivedMessage, WireMessage } from '#lib/queue/wire-message.js';
import type { Journal } from '../journal.js';
import type { QueuePlan } from '../plan.js';
import type { Dice } from '../random.js';
import type { DeliveryRecord, MessageRecord } from '../records.js';
import { callsOf, undecodableCall } from './contract.js';
import { type Stored, StoredMessages } from './stored-messages.js';

export interface QueueModelParts {
  readonly name: string;
  readonly plan: QueuePlan;
  readonly dice: Dice;
  readonly journal: Journal;
  readonly scheduler: Clock;
  /** Queue to which the redrive policy moves messages. */
  readonly deadLetters?: QueueModel;
}

const LIMITS = {
  messageBytes: 1_048_576,
  batchBytes: 1_048_576,
  batchEntries: 10,
  attributes: 10,
  leaseSeconds: 43_200,
} as const;

/** Largest number of times that a standard queue delivers one message by mistake. */
const MAX_MISTAKES = 2;

/** Keeps the content of an SQS queue, by the rules of the SQS documentation. Carries out single entries. */
export class QueueModel {
  readonly name: string;
  readonly features: QueueFeatures;
  readonly rules: ResolvedMemoryQueueOptions;
  readonly redrive: RedrivePolicy | undefined;
  readonly messages: StoredMessages;
  private readonly deduplication = new Deduplication();
  /** Counts the entries that the queue accepted, repeated deduplication ids included, by their senders. */
  readonly accepted = new Map<string, number>();
  private count = 0;

  constructor(readonly parts: QueueModelParts) {
    const { name, plan, scheduler, deadLetters } = parts;
    const { fifo, contentBasedDeduplication, delaySeconds, maxReceiveCount } = plan;
    this.name = name;
    this.features = { ...MEMORY_FEATURES, ordered: fifo, delay: !fifo, abortableReceive: plan.abortable };
    this.rules = { name, clock: scheduler, fifo, contentBasedDeduplication, delaySeconds, limits: LIMITS };
    this.redrive = deadLetters && maxReceiveCount ? { maxReceiveCount, target: deadLetters.name } : undefined;
    this.messages = new StoredMessages(fifo);
  }

  send(message: WireMessage, sender: string): SendResult {
    const error = findMessageFault(message, this.rules);
    if (error) return { ok: false, error };
    this.accepted.set(sender, (this.accepted.get(sender) ?? 0) + 1);
    const { scheduler, journal, plan } = this.parts;
    const now = scheduler.now();
    const known = plan.fifo ? this.deduplication.find(message, now) : undefined;
    if (known !== undefined) {
      journal.fault('deduplication');
      journal.note(this.name, `keeps ${known} only, since ${sender} repeats its deduplication id`);
      return { ok: true, id: known };
    }
    const id = `${this.name.charAt(0)}${(this.count += 1)}`;
    if (plan.fifo) this.deduplication.remember(message, id, now);
    const seconds = message.delaySeconds ?? plan.delaySeconds;
    if (seconds > 0) journal.fault('delay');
    this.store(message, this.record(id, message, sender), now + seconds * 1000);
    return { ok: true, id };
  }

  /** Hands out visible messages. Moves messages away that were received too often. */
  take({ max, visibilityTimeoutSeconds }: ReceiveOptions, receiver: string): ReceivedMessage[] {
    const { scheduler, plan, dice } = this.parts;
    const now = scheduler.now();
    const room = plan.inFlight - (plan.inFlight < 1000 ? this.messages.inFlight(now).length : 0);
    if (room <= 0) return [];
    const visible = this.messages.visible(now, (stored) => this.moves(stored));
    const chosen = plan.reorder ? dice.shuffle(visible).slice(0, dice.between(1, max)) : visible;
    const again = plan.duplicates > 0 ? this.messages.inFlight(now).filter((stored) => this.errs(stored)) : [];
    if (chosen.some((stored, at) => stored !== visible[at])) this.parts.journal.fault('reordering');
    const handed = [...chosen, ...again].slice(0, Math.min(max, room));
    return handed.map((stored) => this.deliver(stored, now + visibilityTimeoutSeconds * 1000, receiver));
  }

  /** Throws the error that SQS answers while too many messages are in flight. A FIFO queue answers nothing. */
  checkInFlight(): void {
    const { plan, journal, scheduler } = this.parts;
    if (plan.inFlight >= 1000 || this.messages.inFlight(scheduler.now()).length < plan.inFlight) return;
    journal.fault('in-flight limit');
    if (plan.fifo) return;
    const message = `${this.name} has too many messages in flight. Settle some.`;
    throw new QueueError(message, { code: 'OverLimit', kind: 'over-limit', queue: this.name });
  }

  /** Removes a message from the queue, or keeps it by mistake, as SQS may. */
  leave(stored: Stored, how: 'acknowledge' | 'discard'): void {
    const { scheduler, journal } = this.parts;
    if (this.errs(stored)) {
      journal.fault('duplicate delivery');
      stored.ghost = true;
      return;
    }
    stored.record.left = { at: scheduler.now(), how, delivery: stored.delivery };
    this.messages.delete(stored.record.id);
  }

  /** True if the queue now makes one of the few mistakes with a message that SQS may make. */
  private errs(stored: Stored): boolean {
    const { plan, dice } = this.parts;
    const { maxReceiveCount = Infinity } = plan;
    if (stored.mistakes >= MAX_MISTAKES || stored.receiveCount >= maxReceiveCount) return false;
    if (!dice.chance(plan.duplicates)) return false;
    stored.mistakes += 1;
    return true;
  }

  /** Takes over a message of another queue. */
  adopt({ message, receiveCount, record }: Stored, from: string): void {
    this.store(message, this.record(record.id, message, from), 0, receiveCount);
  }

  private store(message: WireMessage, record: MessageRecord, visibleAt: number, receiveCount = 0): void {
    const { journal, scheduler } = this.parts;
    journal.messages.set(`${this.name}/${record.id}`, record);
    const calls = record.undecodable ? 'something undecodable' : `calls ${record.calls.join(', ')}`;
    const group = record.groupId === undefined ? '' : ` of group ${record.groupId}`;
    journal.note(this.name, `stores ${record.id}${group} from ${record.sender}: ${calls}`);
    this.messages.add({
      record,
      message,
      sentAt: scheduler.now(),
      receiveCount,
      visibleAt,
      receivedAt: 0,
      ghost: false,
      mistakes: 0,
    });
  }

  private record(id: string, message: WireMessage, sender: string): MessageRecord {
    const calls = callsOf(message.body);
    return {
      id,
      queue: this.name,
      calls: calls ?? [undecodableCall(message.body)],
      undecodable: calls === undefined,
      groupId: message.groupId,
      attributes: message.attributes ?? {},
      original: message.original,
      storedAt: this.parts.scheduler.now(),
      sender,
      deliveries: [],
    };
  }

  private moves(stored: Stored): boolean {
    const { deadLetters, journal, scheduler } = this.parts;
    if (!this.redrive || !deadLetters || stored.receiveCount < this.redrive.maxReceiveCount) return false;
    const { record } = stored;
    record.left = { at: scheduler.now(), how: 'moved', delivery: stored.delivery };
    this.messages.delete(record.id);
    journal.note(this.name, `moves ${record.id} to ${deadLetters.name} after ${stored.receiveCount} receives`);
    deadLetters.adopt(stored, this.name);
    return true;
  }

  private deliver(stored: Stored, until: number, receiver: string): ReceivedMessage {
    const { scheduler, journal } = this.parts;
    const now = scheduler.now();
    const { record } = stored;
    const anomaly = stored.ghost || stored.visibleAt > now;
    if (anomaly) journal.fault('duplicate delivery');
    stored.receiveCount += 1;
    stored.visibleAt = until;
    stored.receivedAt = now;
    const number = stored.receiveCount;
    const receipt = `${this.name}:${record.id}#${number}`;
    const about = {
      message: record,
      number,
      process: receiver,
      receipt,
      leasedAt: now,
      firstUntil: until,
      until,
      anomaly,
    };
    stored.delivery = { ...about, runs: [], releases: [], reports: [], acknowledgedAt: [] };
    record.deliveries.push(stored.delivery);
    journal.deliveries.set(receipt, stored.delivery);
    const by = anomaly ? ' though it should not' : '';
    journal.note(this.name, `hands ${record.id} to ${receiver}${by} (receive ${number}), hidden for ${until - now} ms`);
    return received(stored, receipt);
  }
}

function received({ record, message, receiveCount, sentAt, receivedAt }: Stored, receipt: string): ReceivedMessage {
  return {
    id: record.id,
    body: message.body,
    attributes: Object.assign(Object.create(null) as Record<string, string>, message.attributes),
    receiveCount,
    sentAt,
    receivedAt,
    receipt,
    raw: undefined,
    ...(message.groupId !== undefined && { groupId: message.groupId }),
  };
}

/** Returns the delivery of a received message. */
export function deliveryOf(journal: Journal, { receipt }: ReceivedMessage): DeliveryRecord | undefined {
  return journal.deliveries.get(receipt);
}
