import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { createObserver, type Observer } from '../../diagnostics/observer.js';
import { ContractError } from '../../event/event-error.js';
import { createEventCodec, type EventCodec } from '../../event/event-codec.js';
import type { ThriftService, TypedService } from '../../idl/schema.js';
import { resolvePublishOptions, type ResolvedPublishOptions } from '../../publish/publish-options.js';
import { Publisher, type SendOptions } from '../../publish/publisher.js';
import { PublishError } from '../../publish/publish-error.js';
import { systemClock, type Clock } from '../../queue/clock.js';
import type { Queue } from '../../queue/queue.js';
import { createEventLog, messageOf } from '../event-log.js';
import { SqsThriftRecord } from '../record-builders/sqs-thrift.record-builder.js';
import { methodName } from '../server/handler-table.js';
import type { TransportListeners } from '../server/server-thrift-queue.js';
import { asServices } from '../services.js';
import type { ClientThriftQueueOptions } from './client-options.js';
import { type Call, createStub, type OnewayStub } from './service-stub.js';

interface Connection {
  readonly queue: Queue;
  readonly publisher: Publisher;
}

/** The client proxy over any queue. A carrier's client says how to open its queue. */
export abstract class ClientThriftQueue extends ClientProxy<TransportListeners> {
  protected readonly logger = new Logger(this.constructor.name);

  private readonly codec: EventCodec;
  private readonly publishOptions: ResolvedPublishOptions;
  private readonly emitter = new EventEmitter();
  private readonly observe: Observer;
  private connection: Promise<Connection> | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    settings: ClientThriftQueueOptions,
    private readonly clock: Clock = systemClock,
  ) {
    super();
    this.codec = createEventCodec(asServices(settings.service), settings);
    this.publishOptions = resolvePublishOptions(settings);
    this.observe = createObserver(createEventLog(this.logger, clock), (event) => {
      this.emitter.emit(event.type, event);
    });
  }

  /** Opens the queue to send to. Rejects with an error that says what is wrong and what to do. */
  protected abstract openQueue(): Promise<Queue>;

  /** Opens the queue. The first `emit` does it as well; after a failure the next one tries again. */
  override connect(): Promise<Connection> {
    if (this.closing) return Promise.reject(new PublishError('closed', 'the client is closed; emit before close()'));
    return (this.connection ??= this.open());
  }

  /** Sends what waits within `flushTimeoutMs`, rejects the rest, and closes the queue. Every call returns the same promise. */
  override close(): Promise<void> {
    return (this.closing ??= this.shutDown());
  }

  override on<Type extends keyof TransportListeners>(type: Type, callback: TransportListeners[Type]): void {
    this.emitter.on(type, callback);
  }

  /** A promise of the queue sent to. */
  override unwrap<T = Promise<Queue>>(): T {
    return this.connect().then(({ queue }) => queue) as T;
  }

  /**
   * The oneway methods of a service with positional arguments, as Thrift's own stubs have them. A service of a generated module
   * brings their types with it.
   *
   * @example
   * await client.service(BackupQueue).startBackup(request);
   * @throws ContractError the client was not given this service
   */
  service<Stub>(service: TypedService<Stub>): Stub;
  service<Stub = OnewayStub>(service: ThriftService): Stub;
  service<Stub>(service: ThriftService): Stub {
    if (!this.codec.contract.services.includes(service)) {
      throw new ContractError(
        'unknown-service',
        `this client was not given the service ${service.name}; add it to its option service`,
      );
    }
    const call: Call = (owner, method, args) => lastValueFrom(this.emit<string>({ service: owner, method }, args));
    return createStub(service, call) as Stub;
  }

  /** Nest's `emit` ends here: resolves with the message id once the queue has stored the call. */
  protected override async dispatchEvent<T = string>(packet: ReadPacket): Promise<T> {
    const name = methodName(packet.pattern);
    if (!name) throw new ContractError('unknown-method', "emit takes 'method' or { service, method }");
    const { publisher } = await this.connect();
    const { args, options } = withOptions(packet);
    return (await publisher.publish({ ...name, args }, options)) as T;
  }

  /** Nest's `send` ends here: it waits for a reply, and a oneway call has none. */
  protected override publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const method = methodName(packet.pattern)?.method ?? 'this';
    callback({
      err: new ContractError('not-oneway', `${method} is a oneway call and has no reply: use emit() instead of send()`),
    });
    return () => undefined;
  }

  private async open(): Promise<Connection> {
    const { codec, clock, observe, publishOptions: options } = this;
    try {
      const queue = await this.openQueue();
      this._status$.next('up');
      return { queue, publisher: new Publisher({ queue, codec, clock, observe, options }) };
    } catch (error) {
      // Nobody may be subscribed to the emit that this fails, so it is said here.
      this.logger.error(`cannot open the queue, nothing was sent: ${messageOf(error)}`);
      this._status$.next('down');
      this.connection = undefined;
      throw error;
    }
  }

  private async shutDown(): Promise<void> {
    const connection = await this.connection?.catch(() => undefined);
    await connection?.publisher.close();
    await connection?.queue.close();
    this._status$.next('stopped');
  }
}

/** The arguments and what travels beside them: of a record, and the metadata that Nest 12's dispatch hook put on the packet. */
function withOptions(packet: ReadPacket): { args: Record<string, unknown>; options: SendOptions } {
  const { metadata } = packet as { metadata?: Record<string, string> };
  const data: unknown = packet.data;
  const record = data instanceof SqsThriftRecord ? data : undefined;
  const attributes = { ...metadata, ...record?.options.attributes };
  return {
    args: (record ? record.args : data) as Record<string, unknown>,
    options: { ...record?.options, ...(Object.keys(attributes).length > 0 && { attributes }) },
  };
}
