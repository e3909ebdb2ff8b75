import { printable } from '../common/printable.js';
import type { ThriftService } from '../idl/schema.js';
import type { QueueFeatures } from '../queue/queue.js';
import type { WireBody } from '../queue/wire-message.js';
import type { ThriftLimits } from '../thrift/limits.js';
import { type CostedBytes, writeBytes, writeCosted } from '../thrift/messages.js';
import { type ProtocolName, type ThriftWriter, TMessageType } from '../thrift/protocol.js';
import type { MethodCodec, ServiceCodec } from '../thrift/service-codec.js';
import { writeBody } from './body.js';
import { type Contract, type ContractMethod, type OnewayCall, SEPARATOR } from './contract.js';
import { ContractError } from './event-error.js';
import type { Route } from './routing.js';

/** Encodes the calls of one oneway method. */
export interface EventMethod {
  /** Service that declares the method. */
  readonly service: string;
  readonly route: Route;
  /** Encodes a call, as {@link EventCodec.encode} does. */
  encode(args: OnewayCall['args']): Buffer;
  /** Encodes a call that shares a body with others, whose costs add up. */
  encodeCosted(args: OnewayCall['args']): CostedBytes;
  /** Encodes a call as a body, as {@link EventCodec.encodeBody} does. */
  encodeBody(args: OnewayCall['args'], kind: QueueFeatures['body']): WireBody;
}

/** Caches the methods of a contract. The first look-up of a name makes the method. */
export class EventMethods {
  private readonly byService = new Map<string | undefined, Map<string, EventMethod>>();

  constructor(
    private readonly contract: Contract,
    private readonly codecs: ReadonlyMap<ThriftService, ServiceCodec>,
    private readonly format: MessageFormat & { readonly multiplexed: boolean },
  ) {}

  /** @throws ContractError the contract has no such oneway method */
  find(name: string, service: string | undefined): EventMethod {
    return this.byService.get(service)?.get(name) ?? this.add(name, service);
  }

  /** @throws ContractError a method has a name in messages that several methods have */
  checkNames(): void {
    for (const { fn } of this.contract.oneway()) this.checkName(fn.name);
  }

  private add(name: string, service: string | undefined): EventMethod {
    const method = this.make(this.contract.resolve(name, service));
    const ofService = this.byService.get(service) ?? new Map<string, EventMethod>();
    this.byService.set(service, ofService.set(name, method));
    return method;
  }

  private make({ service, fn, route }: ContractMethod): EventMethod {
    this.checkName(fn.name);
    const name = this.format.multiplexed ? service.name + SEPARATOR + fn.name : fn.name;
    const codec = this.codecs.get(service)!.methods.get(fn.name)!;
    return new MethodEncoder(this.format, name, codec, route, service.name);
  }

  private checkName(method: string): void {
    const [one, other] = this.contract.find(method);
    if (this.format.multiplexed || other === undefined) return;
    throw new ContractError(
      'ambiguous-method',
      `${one!.service.name} and ${other.service.name} both declare ${printable(method)}, and messages name no service. ` +
        'Set the option multiplexed: true, so that messages name the service as well',
    );
  }
}

interface MessageFormat {
  readonly protocol: ProtocolName;
  readonly limits: ThriftLimits;
}

class MethodEncoder implements EventMethod {
  /** @param name is the method in the header of its messages */
  constructor(
    private readonly format: MessageFormat,
    private readonly name: string,
    private readonly codec: MethodCodec,
    readonly route: Route,
    readonly service: string,
  ) {}

  encode(args: OnewayCall['args']): Buffer {
    return writeBytes(this.format.protocol, this.writing(args));
  }

  encodeCosted(args: OnewayCall['args']): CostedBytes {
    return writeCosted(this.format.protocol, this.writing(args));
  }

  encodeBody(args: OnewayCall['args'], kind: QueueFeatures['body']): WireBody {
    return writeBody(this.format.protocol, kind, this.writing(args));
  }

  private writing(args: OnewayCall['args']): (writer: ThriftWriter) => void {
    return (writer) => {
      writer.obey(this.format.limits);
      writer.writeMessageBegin(this.name, TMessageType.ONEWAY, 0);
      this.codec.write(writer, args);
      writer.writeMessageEnd();
    };
  }
}
