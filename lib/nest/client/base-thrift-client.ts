import { Logger } from '@nestjs/common';
import type { ReadPacket, WritePacket } from '@nestjs/microservices';
import { from, type Observable } from 'rxjs';
import { brand } from '../../common/brand.js';
import { createEventSink } from '../../diagnostics/event-sink.js';
import type { TransportEvent } from '../../diagnostics/transport-event.js';
import type { ClientState } from '../../diagnostics/transport-state.js';
import { asServices, type OnewayCall } from '../../event/contract.js';
import { createEventCodec, type EventCodec } from '../../event/event-codec.js';
import type { ThriftService } from '../../idl/schema.js';
import type { TypedService, UntypedMethods, UntypedService } from '../../idl/typed-service.js';
import { type EmitAllOptions, type EmitAllResult, publishAll } from '../../publish/publish-all.js';
import { resolvePublishOptions } from '../../publish/publish-options.js';
import { Publisher, type PublisherParts } from '../../publish/publisher.js';
import type { PostedCall } from '../../publish/send-buffer.js';
import type { SendOptions } from '../../publish/outgoing-message.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { QueueFeatures, MessageSender } from '../../queue/queue.js';
import { createEventLog } from '../event-log.js';
import { EventListeners } from '../event-listeners.js';
import { ThriftRecord } from '../thrift.record-builder.js';
import { RegistrableClient } from './client-entries.js';
import { ClientQueues } from './client-queues.js';
import type { BaseThriftClientOptions } from './client-options.js';
import type {
  BareMethodName,
  BarePattern,
  DefaultName,
  EmitResult,
  MethodData,
  MethodName,
  MethodPattern,
  OfferedBy,
} from './emit-types.js';
import { callOf, type EmittedPacket, hookOf, noReplyError, shownName } from './packet-metadata.js';
import { checkStub, createStub, type OnewayStub } from './service-stub.js';

const TEXT_WITH_ATTRIBUTES = { body: 'text', attributes: true } as const;

/**
 * Emits calls as a Nest client proxy over any queue. The client of each carrier opens its queues.
 * `Methods` is the interface that a generated module exports for the service, or the intersection of
 * several. With it `emit` checks methods and arguments at compile time. Without it every method and
 * argument compiles, and a mistake fails the call.
 *
 * @example
 * constructor(@Inject(BACKUP) private readonly backups: BaseThriftClient<BackupQueueMethods>) {}
 * @publicApi
 */
export abstract class BaseThriftClient<Methods extends object = UntypedMethods> extends RegistrableClient {
  static {
    brand(this, 'BaseThriftClient');
  }

  protected readonly logger = new Logger(this.constructor.name);
  protected readonly codec: EventCodec;
  private readonly listeners = new EventListeners();
  /** @internal */
  protected override readonly publisher: Publisher;
  private readonly queues: ClientQueues;
  private closing: Promise<void> | undefined;

  constructor(settings: BaseThriftClientOptions, clock: Clock = systemClock) {
    super();
    this.queues = new ClientQueues({ clock, logger: this.logger, client: this });
    this.codec = createEventCodec(asServices(settings.service), settings);
    this.codec.checkNames();
    const { carrier } = this;
    this.publisher = this.createPublisher({
      open: (name) => this.queues.open(name, () => this.openQueue(name)),
      body: carrier.body,
      carriesIds: carrier.attributes || carrier.ordered === true,
      codec: this.codec,
      clock,
      report: createEventSink([createEventLog(this.logger, clock)], this.listeners),
      options: resolvePublishOptions(settings),
      queueChanged: (name, isUp) => this._status$.next(this.queues.note(name, isUp)),
    });
  }

  /**
   * States the features of the carrier that matter before a queue is open: the type of a body, and
   * if attributes travel beside the body. Without attributes the message group ids and deduplication
   * ids of the contract are left out, unless `ordered` is true. SQS takes text with attributes.
   */
  protected get carrier(): Pick<QueueFeatures, 'body' | 'attributes'> & Partial<QueueFeatures> {
    return TEXT_WITH_ATTRIBUTES;
  }

  /** Opens a queue by its name in the contract; undefined means the client's own. Rejects with advice. */
  protected abstract openQueue(name: string | undefined): Promise<MessageSender>;

  /** Describes this client at this moment. Reads memory only, and asks nothing of the queues. */
  get state(): ClientState {
    return this.queues.state(this.publisher);
  }

  /**
   * Opens every queue, as the first `emit` to a queue does by itself, and asks the queues that are
   * open already. Rejects if a queue does not answer. After a failure the next `connect` or `emit`
   * tries again.
   */
  override async connect(): Promise<void> {
    await this.publisher.check();
  }

  /**
   * Asks every queue for an answer, without an effect on the queue. Resolves if all of them answered
   * and let this client send. Rejects with the QueueError of a queue that did not, within
   * `timeouts.requestMs`, or `timeouts.openMs` for a queue that was not open. `status` follows the
   * result. Costs one request for each queue.
   */
  check(): Promise<void> {
    return this.publisher.check();
  }

  /** Sends pending calls within `flushTimeoutMs`, rejects the rest, and closes the queues. Idempotent. */
  override close(): Promise<void> {
    return (this.closing ??= this.queues.close(this.publisher).then(() => this._status$.next('stopped')));
  }

  /** Calls `listener` for each event of a type. A listener that throws affects nothing. */
  override on<Type extends TransportEvent['type']>(
    type: Type,
    listener: (event: Extract<TransportEvent, { type: Type }>) => void,
  ): void {
    this.listeners.on(type, listener);
  }

  /**
   * Returns the queue that the client sends to, or a Map of the open queues if the contract names several.
   *
   * @throws Error no queue is open yet
   */
  override unwrap<T = MessageSender>(): T {
    return this.queues.unwrap(this.codec.contract.queues().size) as T;
  }

  /**
   * Emits a call at once, subscribed to or not. The observable emits the message id and completes
   * when the queue has stored the call. The observable errors when the call is not stored.
   * Arguments are encoded before `emit` returns. `undefined` stands for no arguments.
   *
   * @param pattern names the method: `'method'`, or `{ service, method }` if services share the name
   * @param data holds the arguments by parameter name, bare or in a {@link ThriftRecordBuilder}
   */
  override emit<Name extends MethodName<Methods> = DefaultName<Methods>, TInput = unknown, Id = string>(
    pattern: MethodPattern<Methods, Name>,
    data: MethodData<Methods, Name, TInput>,
  ): Observable<EmitResult<Methods, Name, Id>>;
  /** Emits a call of a method without parameters, or with optional parameters only. */
  override emit<Name extends BareMethodName<Methods> = DefaultName<Methods>, _TInput = unknown, Id = string>(
    pattern: BarePattern<Methods, Name>,
  ): Observable<EmitResult<Methods, Name, Id>>;
  override emit(pattern: unknown, data?: unknown): Observable<never> {
    return from(this.dispatch(pattern, data ?? {}) as Promise<never>);
  }

  /**
   * Emits a call for each item, one after another. Waits while the buffer of the queue is full, in
   * place of failing with BufferFullError. So an endless iterable needs no more memory than the
   * buffer. Resolves with counts once every call has ended. Calls of one message group keep the
   * order of their items.
   *
   * By default the first failure stops the emission, and the promise rejects once the calls before
   * have ended. `onError: 'collect'` goes on and lists the failures.
   *
   * @param items hold the arguments of each call, bare or in a record
   * @throws EmitAllError a call or the iterable failed; names the position of the item
   */
  emitAll<Name extends MethodName<Methods>>(
    pattern: MethodPattern<Methods, Name>,
    items: Iterable<MethodData<Methods, Name>> | AsyncIterable<MethodData<Methods, Name>>,
    options?: EmitAllOptions,
  ): Promise<EmitAllResult> {
    return publishAll<unknown>(items, (data) => this.postWhenRoom(pattern, data ?? {}), options);
  }

  /**
   * Returns the oneway methods of a service with positional arguments, like Thrift's own stubs.
   * Each method returns a promise of the message id. Every call carries `options`. A service of a
   * generated module brings the types of its methods.
   *
   * @example
   * await client.getService(BackupQueue).startBackup(request);
   * @throws ContractError the client was not given this service
   * @throws TypeError the first argument is no service, or an option is unknown
   */
  getService<ServiceMethods, Client>(
    service: TypedService<ServiceMethods, Client> & OfferedBy<Methods, ServiceMethods>,
    options?: SendOptions,
  ): Client;
  /** Returns the stub of a loaded service. `Client` is your interface of its methods. */
  getService<Client = OnewayStub>(service: UntypedService, options?: SendOptions): Client;
  getService(service: ThriftService, options?: SendOptions): unknown {
    checkStub(this.codec.contract, service, options);
    const send = (call: Required<OnewayCall>): Promise<string> => {
      if (!hookOf(this)) return this.publisher.publish(call, options);
      const { args, ...pattern } = call;
      return this.dispatch(pattern, options ? new ThriftRecord(args, options) : args);
    };
    return createStub(service, { send, refuse: (method, error) => this.publisher.refuse(method, error) });
  }

  /** Sends one packet. {@link emit} ends here. */
  protected override dispatchEvent<T = string>(packet: ReadPacket): Promise<T> {
    try {
      const { call, options, tracing } = callOf(packet as EmittedPacket);
      return this.publisher.publish(call, options, tracing) as Promise<T>;
    } catch (error) {
      return this.publisher.refuse(shownName(packet.pattern), error as Error);
    }
  }

  /** Rejects Nest's `send`, which waits for a reply. A oneway call has no reply. */
  protected override publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    callback({ err: noReplyError(packet.pattern) });
    return () => undefined;
  }

  /** @internal */
  protected createPublisher(parts: PublisherParts): Publisher {
    return new Publisher(parts);
  }

  private dispatch(pattern: unknown, data: unknown): Promise<string> {
    try {
      return this.dispatchEvent(this.packetOf(pattern, data));
    } catch (error) {
      return this.publisher.refuse(shownName(pattern), error as Error);
    }
  }

  private postWhenRoom(pattern: unknown, data: unknown): Promise<PostedCall> {
    try {
      const { call, options, tracing } = callOf(this.packetOf(pattern, data));
      return this.publisher.publishWhenRoom(call, options, tracing);
    } catch (error) {
      return this.publisher.refuse(shownName(pattern), error as Error);
    }
  }

  /** @throws unknown the dispatch hook failed */
  private packetOf(pattern: unknown, data: unknown): EmittedPacket & ReadPacket {
    const packet: ReadPacket = { pattern, data };
    hookOf(this)?.(packet);
    return packet;
  }
}
