import { receiveFault } from '#lib/carriers/memory/lease-rules.js';
import { batchFault, isWhole, refuse, sendFault } from '#lib/carriers/memory/message-rules.js';
import { ReceiveWaiters } from '#lib/queue/receive-waiters.js';
import type { Discard, EntryResult, LeaseExtension, Queue, ReceiveOptions, Release } from '#lib/queue/queue.js';
import { QueueError, type QueueErrorKind } from '#lib/queue/queue-error.js';
import type { ReceivedMessage, WireMessage } from '#lib/queue/wire-message.js';
import type { QueueModel } from './queue-model.js';
import type { Stored } from './stored-messages.js';

const DONE: EntryResult = Object.freeze({ ok: true });

/** Opens ends of a queue of the model for processes. All ends share the open receives. */
export class ModelServer {
  readonly waiters: ReceiveWaiters<ReceivedMessage>;

  constructor(readonly model: QueueModel) {
    const { scheduler } = model.parts;
    this.waiters = new ReceiveWaiters(scheduler, () => model.messages.nextVisibleAt(scheduler.now()));
  }

  open(user: string): ModelEnd {
    return new ModelEnd(this, user);
  }
}

/** Gives a process the verbs of a queue, without any network between. */
export class ModelEnd implements Queue {
  readonly name;
  readonly features;
  readonly limits;
  declare readonly redrive?: NonNullable<QueueModel['redrive']>;
  private readonly model: QueueModel;
  private readonly closing = new AbortController();

  constructor(
    private readonly server: ModelServer,
    private readonly user: string,
  ) {
    const { model } = server;
    this.model = model;
    this.name = model.name;
    this.features = model.features;
    this.limits = model.rules.limits;
    if (model.redrive) this.redrive = model.redrive;
  }

  async send(messages: readonly WireMessage[]): ReturnType<Queue['send']> {
    this.refuse(sendFault(messages, this.model.rules));
    const results = messages.map((message) => this.model.send(message, this.user));
    this.server.waiters.serve();
    return results;
  }

  async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    this.refuse(receiveFault(options, this.model.rules));
    const { waitSeconds, signal } = options;
    const aborted = (): QueueError => this.error('RequestAborted', 'network', 'the receive was aborted');
    if (signal?.aborted) throw aborted();
    this.model.checkInFlight();
    const take = (): ReceivedMessage[] => this.model.take(options, this.user);
    const signals = [this.closing.signal, ...(signal ? [signal] : [])];
    const received = take();
    if (received.length > 0 || waitSeconds === 0) return received;
    const ended = (): QueueError => (this.closing.signal.aborted ? this.closedError() : aborted());
    const wait = { take, ms: waitSeconds * 1000, signal: AbortSignal.any(signals), aborted: ended };
    return this.server.waiters.wait(wait);
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<EntryResult[]> {
    return this.each(messages, (message) => this.drop(message, 'acknowledge'));
  }

  discard(discards: readonly Discard[]): Promise<EntryResult[]> {
    return this.each(discards, ({ message }) => this.drop(message, 'discard'));
  }

  release(releases: readonly Release[]): Promise<EntryResult[]> {
    return this.each(releases, ({ message, seconds, cause }) => this.hide(message, seconds, cause));
  }

  extend(extensions: readonly LeaseExtension[]): Promise<EntryResult[]> {
    return this.each(extensions, ({ message, seconds }) => this.hide(message, seconds));
  }

  async close(): Promise<void> {
    this.closing.abort();
  }

  private async each<Entry>(entries: readonly Entry[], one: (entry: Entry) => EntryResult): Promise<EntryResult[]> {
    this.refuse(batchFault(entries, this.model.rules));
    const results = entries.map(one);
    this.server.waiters.serve();
    return results;
  }

  private drop({ receipt }: ReceivedMessage, how: 'acknowledge' | 'discard'): EntryResult {
    const { journal, plan } = this.model.parts;
    const { stored, isCurrent } = this.find(receipt);
    if (stored === undefined) return DONE;
    const past = `the ${how} of ${receipt} by ${this.user}, which no longer holds the message`;
    if (!isCurrent && plan.staleReceipts === 'ignored' && !plan.fifo) {
      const delivery = journal.deliveries.get(receipt);
      if (delivery) delivery.ignoredAck = true;
      journal.note(this.name, `ignores ${past}`);
      return DONE;
    }
    if (!isCurrent || (plan.fifo && this.isOver(stored))) {
      journal.note(this.name, `refuses ${past}`);
      return this.lost();
    }
    journal.note(this.name, `takes the ${how} of ${stored.record.id} by ${this.user}`);
    this.settled(stored);
    this.model.leave(stored, how);
    return DONE;
  }

  /** Changes the lease of a message. A release has a cause. */
  private hide({ receipt }: ReceivedMessage, seconds: number, cause?: string): EntryResult {
    const { stored, isCurrent } = this.find(receipt);
    const verb = cause === undefined ? 'extension' : 'release';
    const now = this.model.parts.scheduler.now();
    if (stored === undefined || !isCurrent || (this.model.parts.plan.fifo && this.isOver(stored))) {
      this.note(`refuses the ${verb} of ${receipt} by ${this.user}, which no longer holds the message`);
      return this.lost();
    }
    const error = this.leaseFault(stored, seconds);
    if (error) return { ok: false, error };
    this.note(`takes the ${verb} of ${stored.record.id} by ${this.user}: hidden for ${seconds} s`);
    stored.visibleAt = now + seconds * 1000;
    const { delivery } = stored;
    if (delivery) delivery.until = stored.visibleAt;
    if (delivery && cause !== undefined) {
      delivery.releases.push({ at: now, seconds, cause });
      this.settled(stored);
    }
    return DONE;
  }

  /** Limits a lease to twelve hours from its receive. */
  private leaseFault({ receivedAt }: Stored, seconds: number): QueueError | undefined {
    const { leaseSeconds } = this.limits;
    const total = (this.model.parts.scheduler.now() - receivedAt) / 1000 + seconds;
    if (isWhole(seconds, 0, leaseSeconds) && total <= leaseSeconds) return undefined;
    return refuse(this.model.rules, 'InvalidParameterValue', `a lease of ${seconds} s`);
  }

  private find(receipt: string): { readonly stored: Stored | undefined; readonly isCurrent: boolean } {
    const [, id = ''] = /^[^:]+:(.+)#\d+$/.exec(receipt) ?? [];
    const stored = this.model.messages.get(id);
    return { stored, isCurrent: stored?.delivery?.receipt === receipt };
  }

  private isOver(stored: Stored): boolean {
    return stored.visibleAt <= this.model.parts.scheduler.now();
  }

  private settled({ delivery }: Stored): void {
    if (delivery) delivery.settledAt ??= this.model.parts.scheduler.now();
  }

  private lost(): EntryResult {
    return { ok: false, error: this.error('ReceiptHandleIsInvalid', 'lease-lost', 'the lease is over') };
  }

  private note(text: string): void {
    this.model.parts.journal.note(this.name, text);
  }

  private refuse(fault: QueueError | undefined): void {
    if (this.closing.signal.aborted) throw this.closedError();
    if (fault) throw fault;
  }

  private closedError(): QueueError {
    return this.error('QueueClosed', 'closed', 'it is closed');
  }

  private error(code: string, kind: QueueErrorKind, what: string): QueueError {
    return new QueueError(`${this.name}: ${what}. Receive again.`, { code, kind, queue: this.name });
  }
}
