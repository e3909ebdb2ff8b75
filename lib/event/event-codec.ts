import type { OptionNames } from '../common/option-names.js';
import type { ThriftService } from '../idl/schema.js';
import { DEFAULT_LIMITS, resolveLimits, type ThriftLimits } from '../thrift/limits.js';
import type { ProtocolName } from '../thrift/protocol.js';
import type { CodecOptions } from '../thrift/service-codec.js';
import { booleanOption, choiceOption } from '../queue/options.js';
import type { QueueFeatures } from '../queue/queue.js';
import type { WireBody } from '../queue/wire-message.js';
import { bodyBytes, formOf, toBody } from './body.js';
import { BodyReader, type ReadableCalls } from './body-reader.js';
import { ContractCodecs } from './contract-codecs.js';
import { Contract, type OnewayCall } from './contract.js';
import { type EventMethod, EventMethods } from './event-methods.js';

/**
 * Configures {@link createEventCodec}.
 *
 * @publicApi
 */
export interface EventCodecOptions extends CodecOptions {
  /** Sets the protocol for writing. Reading accepts every known protocol. Default `binary`. */
  readonly protocol?: ProtocolName | undefined;
  /**
   * Writes `Service:method` names as TMultiplexedProtocol does. Reading always accepts these names
   * and bare method names. Default false: messages name only the method, however many services
   * there are. A client whose services share a method name needs true.
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
  writeDefaults: true,
  limits: true,
} satisfies OptionNames<EventCodecOptions>;

/**
 * Encodes calls and decodes bodies for the services of one contract.
 *
 * @publicApi
 */
export interface EventCodec {
  /** @internal */
  readonly contract: Contract;
  /**
   * The limits of bodies, in both directions.
   *
   * @internal
   */
  readonly limits: ThriftLimits;
  /**
   * Finds a method by name: `method`, `Service:method`, or both apart.
   *
   * @internal
   * @throws ContractError the contract has no such oneway method
   */
  method(name: string, service?: string): EventMethod;
  /**
   * Checks that a reader of all services finds the method of each call by the name in its message.
   *
   * @internal
   * @throws ContractError `ambiguous-method`: several services have a method, and messages name no service
   */
  checkNames(): void;
  /**
   * Encodes a call as one TMessage of type ONEWAY with seqid 0. Equal calls give equal bytes, which
   * content-based deduplication needs.
   *
   * @throws ContractError the contract has no such oneway method, or its name in a message would be ambiguous
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
   * @throws MalformedEventError a call of the body cannot be handled
   */
  decode(body: WireBody): readonly OnewayCall[];
  /**
   * Reads the calls of a body up to the first that cannot be handled, at least one.
   *
   * @internal
   * @throws MalformedEventError nothing of the body can be handled
   */
  read(body: WireBody): ReadableCalls;
  /**
   * Splits a body into one body per call. The bytes of each call and the form of the body stay
   * unchanged. Applies no limits of the options, since it creates no values. Returns bytes whose end
   * cannot be found as one part.
   *
   * @param most stops after so many calls; the rest is left out. Default: all calls
   * @throws MalformedEventError the body does not begin with a call
   */
  split(body: WireBody, most?: number): readonly WireBody[];
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
  readonly limits: ThriftLimits;
  private readonly protocol: ProtocolName;
  private readonly methods: EventMethods;
  private readonly reader: BodyReader;

  constructor(services: readonly ThriftService[], options: EventCodecOptions) {
    this.contract = new Contract(services);
    const protocol = (this.protocol = checkEventCodecOptions(options));
    this.limits = options.limits ? resolveLimits(options.limits) : DEFAULT_LIMITS;
    const codecs = new ContractCodecs(services, options);
    this.reader = new BodyReader(this.contract, codecs, this.limits, options);
    const { multiplexed = false } = options;
    // Compiles now: a process that forbids the evaluation of strings must not start.
    this.methods = new EventMethods(this.contract, codecs.of(protocol), { protocol, multiplexed, limits: this.limits });
  }

  method(name: string, service?: string): EventMethod {
    return this.methods.find(name, service);
  }

  checkNames(): void {
    this.methods.checkNames();
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
    const { calls, fault } = this.reader.read(body);
    if (fault !== undefined) throw fault;
    return calls;
  }

  read(body: WireBody): ReadableCalls {
    return this.reader.read(body);
  }

  split(body: WireBody, most = Infinity): readonly WireBody[] {
    const { bytes, ends } = this.reader.ends(body, most);
    const inForm = formOf(body);
    return ends.map((end, at) => inForm(bytes.subarray(at === 0 ? 0 : ends[at - 1], end)));
  }
}

/** @throws TypeError an option is not acceptable */
function checkEventCodecOptions(options: EventCodecOptions): ProtocolName {
  choiceOption('i64', options.i64, ['bigint', 'number']);
  choiceOption('unknownFields', options.unknownFields, ['error', 'ignore']);
  for (const option of ['multiplexed', 'oldBinary', 'lenient', 'writeDefaults'] as const)
    booleanOption(option, options[option], false);
  return choiceOption('protocol', options.protocol, ['binary', 'compact', 'json']);
}
