import type { OptionNames } from '../common/option-names.js';
import type { ThriftService } from '../idl/schema.js';
import { resolveReadLimits } from '../thrift/limits.js';
import { writeBytes } from '../thrift/messages.js';
import { type ProtocolName, type ThriftWriter, TMessageType } from '../thrift/protocol.js';
import type { CodecOptions, MethodCodec, ServiceCodec } from '../thrift/service-codec.js';
import { booleanOption, choiceOption } from '../queue/options.js';
import type { QueueFeatures } from '../queue/queue.js';
import type { WireBody } from '../queue/wire-message.js';
import { bodyBytes, inFormOf, toBody, writeBody } from './body.js';
import { BodyReader } from './body-reader.js';
import { ContractCodecs } from './contract-codecs.js';
import { Contract, type ContractMethod, type OnewayCall, SEPARATOR } from './contract.js';
import type { Route } from './routing.js';

/**
 * Configures {@link createEventCodec}.
 *
 * @publicApi
 */
export interface EventCodecOptions extends CodecOptions {
  /** Sets the protocol for writing. Reading accepts every known protocol. Default `binary`. */
  readonly protocol?: ProtocolName | undefined;
  /**
   * Writes `Service:method` names as TMultiplexedProtocol does. Reading always accepts these names.
   * Default: true with several services.
   */
  readonly multiplexed?: boolean | undefined;
  /**
   * Also reads binary messages without the version word, as generators before 2008 wrote them.
   * Default false.
   */
  readonly oldBinary?: boolean | undefined;
  /**
   * Reads everything that Apache's generated readers read (see {@link CodecOptions.lenient}). Also
   * ignores bytes behind the last call that do not begin a message of the same protocol. Default:
   * false.
   */
  readonly lenient?: boolean | undefined;
}

/** Names every option of {@link EventCodecOptions}. */
export const EVENT_CODEC_OPTION_NAMES = {
  protocol: true,
  multiplexed: true,
  oldBinary: true,
  lenient: true,
  i64: true,
  unknownFields: true,
  limits: true,
} satisfies OptionNames<EventCodecOptions>;

/** Encodes the calls of one oneway method. */
export interface EventMethod {
  readonly route: Route;
  /** Encodes a call, as {@link EventCodec.encode} does. */
  encode(args: OnewayCall['args']): Buffer;
  /** Encodes a call as a body, as {@link EventCodec.encodeBody} does. */
  encodeBody(args: OnewayCall['args'], kind: QueueFeatures['body']): WireBody;
}

/**
 * Encodes calls and decodes bodies for the services of one contract.
 *
 * @publicApi
 */
export interface EventCodec {
  /** @internal */
  readonly contract: Contract;
  /**
   * Finds a method by name: `method`, `Service:method`, or both apart.
   *
   * @internal
   * @throws ContractError the contract has no such oneway method
   */
  method(name: string, service?: string): EventMethod;
  /**
   * Encodes a call as one TMessage of type ONEWAY with seqid 0. Equal calls give equal bytes, which
   * content-based deduplication needs.
   *
   * @throws ContractError the contract has no such oneway method
   * @throws ThriftCodecError the arguments do not fit, with the path of the field
   */
  encode(call: OnewayCall): Buffer;
  /**
   * Encodes a call as a message body, and throws as {@link encode} does. Text is base64; the JSON
   * protocol stays as it is.
   */
  encodeBody(call: OnewayCall, kind: QueueFeatures['body']): WireBody;
  /**
   * Makes one body from concatenated encoded calls.
   *
   * @internal
   */
  toBody(calls: Buffer, kind: QueueFeatures['body']): WireBody;
  /**
   * Counts the bytes of the body that {@link toBody} makes from `callBytes` bytes of calls.
   *
   * @internal
   */
  bodyBytes(callBytes: number, kind: QueueFeatures['body']): number;
  /**
   * Reads all calls of a body, at least one.
   *
   * @throws MalformedEventError nothing of the body can be handled
   */
  decode(body: WireBody): readonly OnewayCall[];
  /**
   * Splits a body into one body per call. The bytes of each call and the form of the body stay
   * unchanged.
   *
   * @throws MalformedEventError as {@link decode}
   */
  split(body: WireBody): readonly WireBody[];
}

/**
 * Creates the codec of a contract. Each schema compiles once, and its codecs share the compiled
 * code.
 *
 * @publicApi
 */
export function createEventCodec(services: readonly ThriftService[], options: EventCodecOptions = {}): EventCodec {
  return new ContractEventCodec(services, options);
}

class ContractEventCodec implements EventCodec {
  readonly contract: Contract;
  private readonly protocol: ProtocolName;
  private readonly methods: EventMethods;
  private readonly reader: BodyReader;

  constructor(services: readonly ThriftService[], options: EventCodecOptions) {
    this.contract = new Contract(services);
    const protocol = (this.protocol = checkEventCodecOptions(options));
    const codecs = new ContractCodecs(services, options);
    this.reader = new BodyReader(this.contract, codecs, options);
    const { multiplexed = services.length > 1 } = options;
    // Compiles now: a process that forbids the evaluation of strings must not start.
    this.methods = new EventMethods(this.contract, codecs.of(protocol), { protocol, multiplexed });
  }

  method(name: string, service?: string): EventMethod {
    return this.methods.find(name, service);
  }

  encode({ method, service, args }: OnewayCall): Buffer {
    return this.methods.find(method, service).encode(args);
  }

  encodeBody({ method, service, args }: OnewayCall, kind: QueueFeatures['body']): WireBody {
    return this.methods.find(method, service).encodeBody(args, kind);
  }

  toBody(calls: Buffer, kind: QueueFeatures['body']): WireBody {
    return toBody(this.protocol, kind, calls);
  }

  bodyBytes(callBytes: number, kind: QueueFeatures['body']): number {
    return bodyBytes(this.protocol, kind, callBytes);
  }

  decode(body: WireBody): readonly OnewayCall[] {
    return this.reader.read(body).calls;
  }

  split(body: WireBody): readonly WireBody[] {
    const { bytes, ends } = this.reader.read(body);
    return ends.map((end, at) => inFormOf(body, bytes.subarray(at === 0 ? 0 : ends[at - 1], end)));
  }
}

/** @throws TypeError an option is not acceptable */
function checkEventCodecOptions(options: EventCodecOptions): ProtocolName {
  choiceOption('i64', options.i64, ['bigint', 'number']);
  choiceOption('unknownFields', options.unknownFields, ['error', 'ignore']);
  for (const name of ['multiplexed', 'oldBinary', 'lenient'] as const) booleanOption(name, options[name], false);
  resolveReadLimits(options.limits);
  return choiceOption('protocol', options.protocol, ['binary', 'compact', 'json']);
}

/** Caches the methods of a contract. The first look-up of a name makes the method. */
class EventMethods {
  private readonly byService = new Map<string | undefined, Map<string, EventMethod>>();

  constructor(
    private readonly contract: Contract,
    private readonly codecs: ReadonlyMap<ThriftService, ServiceCodec>,
    private readonly format: { readonly protocol: ProtocolName; readonly multiplexed: boolean },
  ) {}

  /** @throws ContractError the contract has no such oneway method */
  find(name: string, service: string | undefined): EventMethod {
    return this.byService.get(service)?.get(name) ?? this.add(name, service);
  }

  private add(name: string, service: string | undefined): EventMethod {
    const method = this.make(this.contract.resolve(name, service));
    const ofService = this.byService.get(service) ?? new Map<string, EventMethod>();
    this.byService.set(service, ofService.set(name, method));
    return method;
  }

  private make({ service, fn, route }: ContractMethod): EventMethod {
    const { protocol, multiplexed } = this.format;
    const name = multiplexed ? service.name + SEPARATOR + fn.name : fn.name;
    return new MethodEncoder(protocol, name, this.codecs.get(service)!.methods.get(fn.name)!, route);
  }
}

class MethodEncoder implements EventMethod {
  /** @param name is the method in the header of its messages */
  constructor(
    private readonly protocol: ProtocolName,
    private readonly name: string,
    private readonly codec: MethodCodec,
    readonly route: Route,
  ) {}

  encode(args: OnewayCall['args']): Buffer {
    return writeBytes(this.protocol, this.writing(args));
  }

  encodeBody(args: OnewayCall['args'], kind: QueueFeatures['body']): WireBody {
    return writeBody(this.protocol, kind, this.writing(args));
  }

  private writing(args: OnewayCall['args']): (writer: ThriftWriter) => void {
    return (writer) => {
      writer.writeMessageBegin(this.name, TMessageType.ONEWAY, 0);
      this.codec.write(writer, args);
      writer.writeMessageEnd();
    };
  }
}
