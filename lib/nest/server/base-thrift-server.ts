import { Logger, type OnModuleDestroy } from '@nestjs/common';
import {
  type BaseRpcContext,
  type CustomTransportStrategy,
  type MessageHandler,
  type ReadPacket,
  Server,
} from '@nestjs/microservices';
import { brand } from '../../common/brand.js';
import { resolveConsumeOptions } from '../../consume/consume-options.js';
import { Consumer, type ConsumerControl, type ConsumerParts } from '../../consume/consumer.js';
import type { Delivery } from '../../consume/delivery.js';
import { createEventSink } from '../../diagnostics/event-sink.js';
import type { TransportEvent } from '../../diagnostics/transport-event.js';
import type { WorkerState } from '../../diagnostics/transport-state.js';
import { createEventCodec, type EventCodec } from '../../event/event-codec.js';
import { MalformedEventError } from '../../event/event-error.js';
import { asServices, type OnewayCall } from '../../event/contract.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { MessageReceiver, MessageSender, Queue } from '../../queue/queue.js';
import { ThriftContext } from '../thrift.context.js';
import { createEventLog } from '../event-log.js';
import { EventListeners, type TransportListeners } from '../event-listeners.js';
import { classifyWith } from '../exceptions/handler-decision.js';
import { SQS_THRIFT } from '../transport-id.js';
import { HandlerTable, reportProblems, type Siblings } from './handler-table.js';
import { resolveQueueSettings } from './open-queues.js';
import { givenQueueNames } from './queue-option.js';
import { withProcessingHooks } from './processing-hooks.js';
import { abortsOf, runHandlers } from './run-handler.js';
import type { BaseThriftServerOptions } from './server-options.js';
import { Worker } from './worker.js';
import { LISTENS_ALREADY } from './worker-lines.js';
import { WorkerStatus } from './worker-status.js';

/**
 * Handles oneway calls from any queue. The strategy binds Nest's handlers to the oneway methods of
 * an IDL and runs the handlers for each delivered call. The strategy of each carrier opens its
 * queues.
 *
 * @publicApi
 */
export abstract class BaseThriftServer
  extends Server<TransportListeners>
  implements CustomTransportStrategy, OnModuleDestroy
{
  static {
    brand(this, 'BaseThriftServer');
  }

  protected override readonly logger = new Logger(this.constructor.name);
  override transportId: symbol;

  protected readonly codec: EventCodec;
  private readonly table = new HandlerTable();
  private readonly listeners = new EventListeners();
  private readonly worker: Worker;
  private bindHandlers: (() => void) | undefined;
  private siblings: Siblings<BaseThriftServer> = { others: [], pinned: () => [] };
  private started = false;
  /** Nest's own start hook, which only calls `done`. While it is set, no hook runs. */
  private readonly noStartHook = this.onProcessingStartHook;

  constructor(
    private readonly settings: BaseThriftServerOptions,
    clock: Clock = systemClock,
  ) {
    super();
    // For Nest 12: this strategy waits for the handlers and reports their failures itself.
    Object.assign(this, { propagatesEventHandlerErrors: true });
    this.codec = createEventCodec(asServices(settings.service), settings);
    const options = resolveConsumeOptions(settings);
    this.transportId = settings.transportId ?? SQS_THRIFT;
    const status = new WorkerStatus({ clock, ...options, emit: (value) => this._status$.next(value) });
    const log = createEventLog(this.logger, clock);
    this.worker = new Worker({
      openers: {
        openQueue: () => this.openQueue(),
        openDeadLetterQueue: () => this.openDeadLetterQueue(),
        createConsumer: (parts) => this.createConsumer(parts),
      },
      settings: resolveQueueSettings(settings),
      codec: this.codec,
      clock,
      report: createEventSink([log, (event) => status.note(event)], this.listeners),
      dispatcher: this,
      classifyError: classifyWith(settings.classifyError),
      options,
      logger: this.logger,
      status,
      handlers: this.table,
    });
  }

  /** Opens the queue to receive from. Rejects with an error that says what is wrong and what to do. */
  protected abstract openQueue(): Promise<MessageReceiver>;

  /** Opens the queue for copies of rejected messages. Called only with the poison policy `dead-letter`. */
  protected abstract openDeadLetterQueue(): Promise<MessageSender>;

  /** Creates the context that handlers receive. */
  protected createContext(call: OnewayCall, delivery: Delivery): ThriftContext {
    return new ThriftContext(call, delivery);
  }

  /** @internal */
  protected createConsumer(parts: ConsumerParts): ConsumerControl {
    return new Consumer(parts);
  }

  override listen(callback: (error?: unknown) => void): void {
    if (this.started) return callback(new Error(LISTENS_ALREADY));
    this.started = true;
    this.start().then(() => callback(), callback);
  }

  /**
   * Describes this worker at this moment. Reads memory only and asks nothing of the queue, so a probe
   * may read it often.
   */
  get state(): WorkerState {
    return this.worker.state;
  }

  /**
   * Receives nothing until {@link resume}. Messages in hand are handled and settled. An open long poll
   * ends by itself, or at once where the carrier allows it, and its messages are handled too. A pause
   * before the start holds the first receive back. Emits the status `paused`.
   *
   * Resolves when no receive is open, so that a handler of this worker may wait for it. With `untilIdle`
   * resolves when no message is in hand either: a handler that waits for that waits for itself. `resume`
   * and `close` end both waits. Never rejects.
   */
  pause({ untilIdle = false }: { readonly untilIdle?: boolean } = {}): Promise<void> {
    return this.worker.pause(untilIdle);
  }

  /** Receives again after {@link pause}. Does nothing if nothing is paused, or after `close`. */
  resume(): void {
    this.worker.resume();
  }

  /**
   * Drains and closes; see `drainTimeoutMs`. Every call returns the same promise, which never
   * rejects.
   */
  override close(): Promise<void> {
    return this.worker.stop();
  }

  /**
   * Drains before Nest destroys what the handlers use. This order holds under ThriftFactory. On a
   * signal and in hybrid applications Nest itself closes strategies later.
   */
  onModuleDestroy(): Promise<void> {
    return this.close();
  }

  /** @internal */
  get queueNames(): readonly string[] {
    return givenQueueNames(this.settings, this.codec.contract);
  }

  /** Sets a function that adds the handlers at the start. @internal */
  bindHandlersBy(bind: () => void): void {
    this.bindHandlers = bind;
  }

  /**
   * Makes the strategy a part of an application: it receives nothing before `bootstrap` resolves, although
   * `listen` opens the queue, and the other strategies get the same handlers, but for those with a transport id.
   *
   * @internal
   */
  joins(bootstrap: Promise<void>, siblings: Siblings<BaseThriftServer>): void {
    this.worker.receiveAfter(bootstrap);
    this.siblings = siblings;
  }

  /** Calls `listener` for each event of a type. A listener that throws affects nothing. */
  override on<Type extends TransportEvent['type']>(
    type: Type,
    listener: (event: Extract<TransportEvent, { type: Type }>) => void,
  ): void {
    this.listeners.on(type, listener);
  }

  /**
   * Returns the queue to receive from.
   *
   * @throws Error before `listen`
   */
  override unwrap<T = Queue>(): T {
    if (!this.worker.open)
      throw new Error('the queue is not open yet; call app.listen() or app.startAllMicroservices() first');
    return this.worker.open.queue as T;
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    callback.isEventHandler = isEventHandler;
    callback.extras = extras;
    this.table.add(pattern, callback, isEventHandler);
    const route = this.normalizePattern(pattern as string);
    if (!this.messageHandlers.has(route)) this.messageHandlers.set(route, callback);
  }

  /** Runs every handler of a method to its end. Resolves if all succeeded: then the message may be acknowledged. */
  override handleEvent(
    pattern: string,
    packet: ReadPacket,
    context: BaseRpcContext,
    signal?: AbortSignal,
  ): Promise<void> {
    const handlers = this.table.get(pattern);
    if (handlers.length === 0) {
      return Promise.reject(new MalformedEventError('unknown-method', `no handler for ${pattern}`));
    }
    const aborts = signal ?? abortsOf(context);
    const { onProcessingStartHook: start, onProcessingEndHook: end, transportId, logger } = this;
    const run = (): Promise<void> => runHandlers(handlers, packet.data, context, aborts);
    if (start === this.noStartHook && !end) return run();
    return withProcessingHooks({ start, end, transportId, context, logger }, run);
  }

  private async start(): Promise<void> {
    this.worker.checkRunning();
    this.bindHandlers?.();
    const { others, pinned } = this.siblings;
    const owners = { others: others.map(({ codec }) => codec.contract), pinned: pinned(this.transportId) };
    const problems = this.table.bind(this.codec.contract, owners, this.settings.transportId);
    reportProblems(problems, this.settings.onUnhandledMethod, this.logger);
    await this.worker.start();
  }

  /**
   * Runs the handlers of a call.
   *
   * @internal
   */
  dispatch(call: OnewayCall, delivery: Delivery): Promise<void> {
    const context = this.createContext(call, delivery);
    const packet = { pattern: call.method, data: call.args };
    return this.handleEvent(this.table.keyOf(call.service!, call.method), packet, context);
  }
}
