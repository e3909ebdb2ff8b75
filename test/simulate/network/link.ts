import { QueueError, type QueueErrorKind } from '#lib/queue/queue-error.js';
import type { DeliveryRecord, RequestRecord } from '../records.js';
import type { SimProcess } from '../sim-process.js';
import type { Fate, Fates } from './fate.js';

/** Time in ms after which a process gives up a request, beyond the time that the request may wait. */
const DEADLINE_MS = 5_000;
/** Time in ms after which an SDK repeats a request. */
const REPEAT_MS = 200;
/** Time in ms beyond which a request counts as slow. */
const SLOW_MS = 500;

/** A request of a process and its execution at the service. */
export interface Exchange<T> {
  readonly verb: string;
  readonly queue: string;
  /** Names what the request is about, for the journal. */
  readonly about: string;
  readonly deliveries?: readonly DeliveryRecord[];
  readonly calls?: readonly number[];
  /** Milliseconds that the service may wait before it answers. */
  readonly waitMs?: number;
  /** Gives up the request. */
  readonly signal?: AbortSignal | undefined;
  /** Carries out the request. `fails` names the entries that fail. The signal ends a wait, and costs more than the rest if it is read. */
  execute(fails: (entry: number) => boolean, controller: { readonly signal: AbortSignal }): Promise<T>;
}

/** Requests that the process has not given up, and whose answer it has not read. */
type OpenRequests = Set<{ close(): void }>;
/** Requests at the service, each with the controller that ends its wait. */
type Waits = Set<{ readonly controller: AbortController; readonly fate: Fate }>;

/** Connects a process to the services, with a network that may do anything to a request. */
export class Link {
  private readonly waits: Waits = new Set();
  private readonly open: OpenRequests = new Set();

  constructor(
    private readonly process: SimProcess,
    private readonly fates: Fates,
  ) {
    process.onCrash(() => this.hangUp());
  }

  request<T>(exchange: Exchange<T>): Promise<T> {
    return new OpenRequest(exchange, this.process, this.fates, this.waits, this.open).result;
  }

  /** Ends all open requests, as a carrier that is closed does. */
  close(): void {
    for (const request of this.open) request.close();
  }

  /** Lets the service notice that the caller has gone, where the fate says so. */
  private hangUp(): void {
    for (const { controller, fate } of this.waits) if (fate.noticesAbort) controller.abort();
  }
}

class OpenRequest<T> {
  readonly result: Promise<T>;
  private readonly record: RequestRecord;
  private readonly fate: Fate;
  private readonly controller = new AbortController();
  private readonly wait;
  private readonly cancelDeadline: () => void;
  private resolve!: (value: T) => void;
  private reject!: (error: QueueError) => void;
  private isOpen = true;
  private readonly onAbort = (): void => this.aborted();

  constructor(
    private readonly exchange: Exchange<T>,
    private readonly process: SimProcess,
    private readonly fates: Fates,
    private readonly waits: Waits,
    private readonly open: OpenRequests,
  ) {
    const { verb, queue, waitMs = 0, signal, deliveries = [], calls = [] } = exchange;
    const { requests } = process.record;
    const name = `${process.name}:${requests.length + 1}`;
    this.record = { name, verb, queue, sentAt: this.now, deliveries, calls };
    requests.push(this.record);
    open.add(this);
    this.fate = fates.of(process.name, name, verb, this.now);
    this.wait = { controller: this.controller, fate: this.fate };
    this.result = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    process.note(`asks ${name}: ${verb} ${exchange.about}`);
    this.cancelDeadline = process.otherClock.setTimer(
      () => this.fail('no answer in time', 'TimeoutError', 'network'),
      waitMs + DEADLINE_MS,
    );
    signal?.addEventListener('abort', this.onAbort);
    if (signal?.aborted) this.aborted();
    else this.travel();
  }

  close(): void {
    this.fail('it is closed', 'QueueClosed', 'closed');
  }

  private get now(): number {
    return this.process.scheduler.now();
  }

  private travel(): void {
    const { fault, outage, requestMs, breaksEarly } = this.fate;
    if (outage) return this.meetOutage(outage.mode);
    if (fault) this.noteFault(fault);
    if (fault === 'lost request') return;
    if (fault === 'broken connection' && breaksEarly) return this.breakOff(requestMs);
    this.process.scheduler.setTimer(() => this.arrive(), requestMs);
  }

  private meetOutage(mode: string): void {
    this.record.fault = 'outage';
    this.process.journal.fault(`outage: ${mode}`);
    if (mode === 'broken connection') this.breakOff(this.fate.requestMs);
    if (mode === 'service error') this.refuse('service');
  }

  private arrive(): void {
    const { fault } = this.fate;
    if (fault === 'throttling') return this.refuse('throttled');
    if (fault === 'service error') return this.refuse('service');
    void this.execute();
    if (fault === 'repeated request') this.process.scheduler.setTimer(() => void this.execute(), REPEAT_MS);
  }

  private async execute(): Promise<void> {
    const { fault, fails } = this.fate;
    this.waits.add(this.wait);
    try {
      const answer = await this.exchange.execute(fault === 'partial failure' ? fails : () => false, this.controller);
      // The answer to the first of two requests is lost.
      if (fault === 'repeated request' && !this.isRepeated()) return;
      this.answer(answer);
    } catch (error) {
      this.deliver(() => this.end(error as QueueError));
    } finally {
      this.waits.delete(this.wait);
    }
  }

  private executions = 0;

  private isRepeated(): boolean {
    return (this.executions += 1) > 1;
  }

  private answer(answer: T): void {
    const { fault, outage } = { ...this.fate, outage: this.fates.outageAt(this.process.name, this.now) };
    if (outage) this.noteFault('outage');
    if (fault === 'lost answer' || (outage && outage.mode === 'silent')) return;
    if (fault === 'broken connection' || outage) return this.breakOff(this.fate.answerMs);
    this.deliver(() => this.end(undefined, answer));
  }

  private refuse(kind: 'throttled' | 'service'): void {
    const code = kind === 'service' ? 'ServiceUnavailable' : 'RequestThrottled';
    this.deliver(() => this.fail('the service refused', code, kind));
  }

  private breakOff(ms: number): void {
    this.process.otherClock.setTimer(() => this.fail('the connection broke', 'ECONNRESET', 'network'), ms);
  }

  /** Lets an answer travel. A paused process reads the answer later. */
  private deliver(read: () => void): void {
    const { answerMs, late = 0 } = this.fate;
    const deadlineAt = this.record.sentAt + (this.exchange.waitMs ?? 0) + DEADLINE_MS;
    this.process.otherClock.setTimer(read, Math.max(answerMs, Math.round(late * (deadlineAt - this.now))));
  }

  private aborted(): void {
    if (this.fate.noticesAbort) this.controller.abort();
    this.fail('the caller gave up', 'RequestAborted', 'network');
  }

  private fail(text: string, code: string, kind: QueueErrorKind): void {
    const { queue } = this.exchange;
    this.end(new QueueError(`${queue}: ${text}. Try again.`, { code, kind, queue }));
  }

  private end(error: QueueError | undefined, answer?: T): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.open.delete(this);
    this.cancelDeadline();
    this.exchange.signal?.removeEventListener('abort', this.onAbort);
    const { record } = this;
    record.endedAt = this.now;
    if (record.fault === undefined && this.now - record.sentAt - (this.exchange.waitMs ?? 0) > SLOW_MS) {
      record.fault = 'slow';
    }
    if (error === undefined) return this.resolve(answer as T);
    record.error = error.code === 'RequestAborted' ? 'aborted' : error.kind;
    this.process.note(`reads ${error.code} for ${record.name} (${record.verb})`);
    this.reject(error);
  }

  private noteFault(fault: NonNullable<RequestRecord['fault']>): void {
    this.record.fault = fault;
    this.process.journal.fault(fault);
    this.process.note(`${fault}: ${this.record.name} (${this.record.verb})`);
  }
}
