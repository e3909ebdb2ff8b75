import { Logger } from '@nestjs/common';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { from, type Observable } from 'rxjs';
import { createEventSink } from '../../diagnostics/event-sink.js';
import { ContractError } from '../../event/event-error.js';
import { asServices, type OnewayCall } from '../../event/contract.js';
import { createEventCodec, type EventCodec } from '../../event/event-codec.js';
import type { ThriftService, TypedService } from '../../idl/schema.js';
import { resolvePublishOptions } from '../../publish/publish-options.js';
import { Publisher } from '../../publish/publisher.js';
import type { SendOptions } from '../../publish/outgoing-message.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { QueueFeatures, MessageSender } from '../../queue/queue.js';
import { createEventLog } from '../event-log.js';
import { EventListeners, type TransportListeners } from '../event-listeners.js';
import { SqsThriftRecord } from '../sqs-thrift.record-builder.js';
import { methodName } from '../pattern.js';
import type { BaseThriftClientOptions } from './client-options.js';
import { type EmittedPacket, unpack } from './packet-metadata.js';
import { createStub, type OnewayStub } from './service-stub.js';

const TEXT_WITH_ATTRIBUTES = { body: 'text', attributes: true } as const;

/**
 * Emits calls as a Nest client proxy over any queue. The client of each carrier opens its queues.
 */
export abstract class BaseThriftClient extends ClientProxy<TransportListeners> {
  protected readonly logger = new Logger(this.constructor.name);

  protected readonly codec: EventCodec;
  private readonly listeners = new EventListeners();
  private readonly publisher: Publisher;
  private readonly senders = new Map<string | undefined, MessageSender>();
  private closing: Promise<void> | undefined;

  constructor(settings: BaseThriftClientOptions, clock: Clock = systemClock) {
    super();
    this.codec = createEventCodec(asServices(settings.service), settings);
    this.publisher = new Publisher({
      open: (name) => this.open(name),
      body: this.carrier.body,
      codec: this.codec,
      clock,
      report: createEventSink(createEventLog(this.logger, clock), this.listeners.emit),
      options: resolvePublishOptions(settings),
    });
  }

  /**
   * States the features of the carrier that matter before a queue is open: the type of a body, and
   * if attributes travel beside the body. SQS takes text with attributes.
   */
  protected get carrier(): Pick<QueueFeatures, 'body' | 'attributes'> {
    return TEXT_WITH_ATTRIBUTES;
  }

  /**
   * Opens a queue to send to. The contract gives the name; undefined means the client's own queue.
   * Rejects with an error that states the problem and gives advice.
   */
  protected abstract openQueue(name: string | undefined): Promise<MessageSender>;

  /**
   * Opens every queue, as the first `emit` to a queue does by itself. After a failure the next
   * `connect` or `emit` tries again.
   */
  override async connect(): Promise<void> {
    await this.publisher.connect();
  }

  /**
   * Sends pending calls within `flushTimeoutMs`, rejects the rest, and closes the queues. Every
   * call returns the same promise.
   */
  override close(): Promise<void> {
    return (this.closing ??= this.publisher.close().then(() => this._status$.next('stopped')));
  }

  override on<Type extends keyof TransportListeners>(type: Type, callback: TransportListeners[Type]): void {
    this.listeners.on(type, callback);
  }

  /**
   * Returns the queue that the client sends to. If the contract names several queues, returns a Map
   * of the open queues by contract name.
   *
   * @throws Error no queue is open yet
   */
  override unwrap<T = MessageSender>(): T {
    const [first] = this.senders.values();
    if (!first) throw new Error('no queue is open yet; await client.connect() first');
    return (this.codec.contract.queues().size === 1 ? first : this.senders) as T;
  }

  /**
   * Emits a call at once, subscribed to or not. The observable emits the message id and completes
   * when the queue has stored the call. The observable errors when the call is not stored.
   * Arguments are encoded before `emit` returns. `undefined` stands for no arguments.
   */
  override emit<TResult = string, TInput = unknown>(pattern: unknown, data?: TInput): Observable<TResult> {
    return from(this.dispatch(pattern, data ?? {}) as Promise<TResult>);
  }

  /**
   * Returns the oneway methods of a service with positional arguments, like Thrift's own stubs.
   * Each method returns a promise of the message id. Every call carries `options`. A service of a
   * generated module brings the types of its methods.
   *
   * @example
   * interface BackupStub { startBackup(request: object): Promise<string> }
   * await client.service<BackupStub>(BackupQueue).startBackup(request);
   * @throws ContractError the client was not given this service
   */
  service<Stub>(service: TypedService<Stub>, options?: SendOptions): Stub;
  service<Stub = OnewayStub>(service: ThriftService, options?: SendOptions): Stub;
  service<Stub>(service: ThriftService, options?: SendOptions): Stub {
    if (!this.codec.contract.services.includes(service)) {
      throw new ContractError(
        'unknown-service',
        `this client was not given the service ${service.name}; add it to its option service`,
      );
    }
    const send = (call: Required<OnewayCall>): Promise<string> => {
      if (!hookOf(this)) return this.publisher.publish(call, options);
      const { args, ...pattern } = call;
      return this.dispatch(pattern, options ? new SqsThriftRecord(args, options) : args);
    };
    return createStub(service, { send, refuse: (method, error) => this.publisher.refuse(method, error) }) as Stub;
  }

  /** Sends one packet. {@link emit} ends here. */
  protected override dispatchEvent<T = string>(packet: ReadPacket): Promise<T> {
    const name = methodName(packet.pattern);
    if (!name) {
      const error = new ContractError('unknown-method', "emit takes 'method' or { service, method }");
      return this.publisher.refuse(typeof packet.pattern, error);
    }
    const { args, options } = unpack(packet as EmittedPacket, this.carrier);
    return this.publisher.publish({ ...name, args }, options) as Promise<T>;
  }

  /** Rejects Nest's `send`, which waits for a reply. A oneway call has no reply. */
  protected override publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const method = methodName(packet.pattern)?.method ?? 'this';
    callback({
      err: new ContractError('not-oneway', `${method} is a oneway call and has no reply: use emit() instead of send()`),
    });
    return () => undefined;
  }

  private dispatch(pattern: unknown, data: unknown): Promise<string> {
    const packet: ReadPacket = { pattern, data };
    try {
      hookOf(this)?.(packet);
    } catch (error) {
      return this.publisher.refuse(methodName(pattern)?.method ?? typeof pattern, error as Error);
    }
    return this.dispatchEvent(packet);
  }

  private async open(name: string | undefined): Promise<MessageSender> {
    try {
      const sender = await this.openQueue(name);
      this.senders.set(name, sender);
      this._status$.next('up');
      return sender;
    } catch (error) {
      this._status$.next('down');
      throw error;
    }
  }
}

/** Returns the dispatch hook of Nest 12, which may put metadata on a packet. */
function hookOf(client: object): ((packet: ReadPacket) => void) | undefined {
  return (client as { onDispatchHook?: (packet: ReadPacket) => void }).onDispatchHook;
}
