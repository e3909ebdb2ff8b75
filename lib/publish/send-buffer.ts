import { inRootContext } from '../common/root-context.js';
import type { EventSink } from '../diagnostics/event-sink.js';
import { untraced } from '../diagnostics/tracer.js';
import { sleep } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessageSender } from '../queue/queue.js';
import { type BufferState, BufferUsage } from './buffer-usage.js';
import { callEvent, type CallResult, quiet, UNOPENED_QUEUE } from './call-result.js';
import { type CallListener, Connection } from './connection.js';
import { openSender, type OpenSenderParts } from './open-sender.js';
import type { PendingCall, Wrapping } from './outgoing-message.js';
import {
  BufferFullError,
  clientClosedError,
  givenUpError,
  notOpenedError,
  type PublishError,
} from './publish-error.js';
import type { ResolvedPublishOptions } from './publish-options.js';
import { SenderMonitor } from './sender-monitor.js';
import { WaitingCalls } from './waiting-calls.js';

export interface SendBufferParts extends OpenSenderParts {
  readonly options: ResolvedPublishOptions;
  readonly report: EventSink;
  /** Makes bodies of calls that are not a body yet. */
  readonly wrapping: Wrapping;
  /** Takes each change of the state of the queue. */
  readonly setUp?: (isUp: boolean) => void;
}

/** Time in ms for a sender to close after a flush that took all of its time. */
const CLOSE_MS = 500;

/** Time in ms in which a connect ends. */
const CONNECT_MS = 5_000;

/** A call in a send buffer. */
export interface PostedCall {
  /** Resolves and rejects as the promise of {@link SendBuffer.post}. */
  readonly stored: Promise<string>;
}

/**
 * Holds the calls for one queue or topic until each of them has ended. Limits their number, opens
 * the queue at the first call, and reports the end of each call once.
 */
export class SendBuffer implements CallListener {
  private readonly usage: BufferUsage;
  private readonly waiting: WaitingCalls;
  private readonly monitor: SenderMonitor;
  private opening: Promise<Connection> | undefined;
  private connection: Connection | undefined;
  /** The latest failure to open the queue. */
  private openFailure: QueueError | undefined;
  private closing: Promise<void> | undefined;
  /** Aborts when `close` gives up the calls that are left. */
  private readonly giveUp = new AbortController();

  constructor(private readonly parts: SendBufferParts) {
    this.usage = new BufferUsage(parts.options);
    this.waiting = new WaitingCalls({ ...parts, ms: parts.options.deliveryTimeoutMs, late: () => this.lateError() });
    const isBusy = (): boolean => this.usage.calls > 0;
    const setUp = (isUp: boolean): void => parts.setUp?.(isUp);
    this.monitor = new SenderMonitor({ ...parts, setUp, isBusy, question: () => this.question() });
  }

  /** Name of the queue, once the queue is open. */
  private get name(): string {
    return this.connection?.sender.name ?? UNOPENED_QUEUE;
  }

  /** The queue, once it is open. */
  get queue(): MessageSender | undefined {
    return this.connection?.sender;
  }

  /** Opens the queue. Rejects with the error of the opening, or if the buffer is closed. */
  async connect(): Promise<MessageSender> {
    if (this.closing) throw clientClosedError(this.name);
    const opened = new AbortController();
    const opening = this.connected();
    void opening.catch(() => undefined).then(() => opened.abort());
    // While calls wait, the opening goes on for longer.
    const late = sleep(this.parts.clock, CONNECT_MS, opened.signal).then(() => undefined);
    const connection = await Promise.race([opening, late]);
    if (connection) return connection.sender;
    throw this.openFailure ?? this.lateError();
  }

  /** Opens the queue, or asks the open queue for an answer. Rejects if the queue does not answer. */
  async check(): Promise<void> {
    if (!this.connection) return void (await this.connect());
    if (this.closing) throw clientClosedError(this.name);
    const question = this.question();
    if (question) await this.monitor.ask(question);
  }

  /**
   * Resolves with the message id once the queue has stored the call. Rejects with PublishError
   * before anything is sent, or with QueueError if the queue did not store the call. An ignored
   * rejection does no harm.
   */
  post(call: PendingCall): Promise<string> {
    const refusal = this.refusal(call);
    this.usage.add(call);
    if (refusal) return this.fail(call, refusal);
    if (this.connection) return this.send(call, this.connection);
    const sent = this.waiting.run(this.connected(), (connection) => ({ stored: this.send(call, connection) }));
    return quiet(
      sent.then(
        ({ stored }) => stored,
        (error: Error) => this.fail(call, error),
      ),
    );
  }

  /**
   * Waits while the buffer is full, then posts the call. A call that is larger than the whole buffer
   * is posted to the empty buffer, which refuses it. Closing ends the wait as well.
   */
  async postWhenRoom(call: PendingCall): Promise<PostedCall> {
    // The last check and the post run in one turn, so that no other call takes the room between.
    while (this.mustWait(call)) await this.usage.whenEnded();
    return { stored: this.post(call) };
  }

  /** Resolves when the buffer holds no call. */
  whenEmpty(): Promise<void> {
    return this.usage.whenEmpty();
  }

  ended(call: PendingCall, result: CallResult): void {
    this.usage.subtract(call);
    call.trace?.end(this.queue, result);
    this.parts.report(callEvent(this.name, call.method, result, this.usage.calls));
  }

  /**
   * Refuses further calls. Sends the waiting calls within the flush timeout, fails the rest, and
   * closes the queue. Idempotent.
   *
   * @param hurry ends the wait as the flush timeout does
   */
  close(hurry?: AbortSignal): Promise<void> {
    return (this.closing ??= this.flush(hurry));
  }

  /** Describes the buffer at this moment, under `name` until the queue is open. */
  state(name: string): BufferState {
    const { failure } = this.monitor;
    return { queue: this.connection?.sender.name ?? name, up: failure === undefined, ...this.usage.state, failure };
  }

  /** Describes what a close waits for. Undefined if there is nothing. */
  waitsFor(): string | undefined {
    const { calls } = this.usage;
    const text = calls === 1 ? '1 call' : `${calls} calls`;
    return calls > 0 ? `${text} to ${this.name} (up to ${this.parts.options.flushTimeoutMs / 1000} s)` : undefined;
  }

  /** Returns the error of a call that the buffer does not take. */
  private refusal(call: PendingCall): PublishError | undefined {
    if (this.closing) return clientClosedError(this.name);
    if (this.usage.hasRoomFor(call)) return undefined;
    return new BufferFullError(this.name, this.usage.calls, this.usage.bytes);
  }

  private mustWait(call: PendingCall): boolean {
    return this.closing === undefined && this.usage.calls > 0 && !this.usage.hasRoomFor(call);
  }

  private send(call: PendingCall, connection: Connection): Promise<string> {
    if (this.giveUp.signal.aborted) return this.fail(call, givenUpError(this.name));
    try {
      return connection.send(call);
    } catch (error) {
      return this.fail(call, error as Error);
    }
  }

  private fail(call: PendingCall, error: Error): Promise<never> {
    this.ended(call, { ok: false, error });
    return quiet(Promise.reject(error));
  }

  /** Returns the connection, and opens the connection if needed. A failed opening is repeated. */
  private connected(): Promise<Connection> {
    if (!this.opening) {
      // The opening serves all calls, so that it runs in the context of none.
      this.opening = inRootContext(() => this.open());
      // Runs before the handlers of waiting calls, so that those calls precede all later calls.
      this.opening.then(
        (connection) => (this.connection = connection),
        () => (this.opening = undefined),
      );
    }
    return this.opening;
  }

  private async open(): Promise<Connection> {
    const isAwaited = (): boolean => this.parts.options.deliveryTimeoutMs > 0 && this.waiting.size > 0;
    const sender = await openSender({ ...this.parts, isAwaited, open: () => this.openOnce() }, this.giveUp.signal);
    this.monitor.answered();
    return new Connection({ ...this.parts, sender, listener: this, monitor: this.monitor });
  }

  private async openOnce(): Promise<MessageSender> {
    try {
      return await this.parts.open();
    } catch (error) {
      this.openFailure = QueueError.from(error, this.name);
      this.monitor.failed(this.openFailure);
      throw error;
    }
  }

  /** Returns a request that shows if the queue answers. Undefined if the carrier has none. */
  private question(): (() => Promise<unknown>) | undefined {
    const { connection } = this;
    if (!connection) return () => this.connected();
    const { sender } = connection;
    return sender.check && (() => untraced(() => sender.check!()));
  }

  private async flush(hurry: AbortSignal | undefined): Promise<void> {
    const { clock, options } = this.parts;
    const endsAt = clock.now() + options.flushTimeoutMs;
    this.monitor.stop();
    const opening = this.opening?.catch(() => undefined);
    void opening?.then((connection) => connection?.flush());
    const flushed = new AbortController();
    void this.usage.whenEmpty().then(() => flushed.abort());
    await sleep(clock, options.flushTimeoutMs, hurry ? AbortSignal.any([hurry, flushed.signal]) : flushed.signal);
    this.giveUp.abort();
    const closed = new AbortController();
    const closing = opening?.then((connection) => connection?.close(givenUpError(this.name)));
    void closing?.catch(() => undefined).then(() => closed.abort());
    // An opening in progress may take seconds, and a sender may have work left, such as bodies in S3 to delete.
    const late = this.connection ? sleep(clock, Math.max(CLOSE_MS, endsAt - clock.now()), closed.signal) : nextTurn();
    await Promise.race([closing, late]);
    this.waiting.rejectAll(givenUpError(this.name));
  }

  private lateError(): QueueError {
    return notOpenedError(this.name, this.parts.options.deliveryTimeoutMs, this.openFailure);
  }
}
