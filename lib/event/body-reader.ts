import { printable } from '../common/printable.js';
import type { WireBody } from '../queue/wire-message.js';
import { ThriftReadError } from '../thrift/errors.js';
import { LARGEST_LIMITS, type ThriftLimits } from '../thrift/limits.js';
import { openReader, type ReaderOptions, sniffProtocol } from '../thrift/messages.js';
import { type ProtocolName, type ThriftReader, TMessageType, TType } from '../thrift/protocol.js';
import type { MethodCodec } from '../thrift/service-codec.js';
import { fromWireBody } from './body.js';
import type { ContractCodecs } from './contract-codecs.js';
import { type Contract, type ContractMethod, type OnewayCall, SEPARATOR } from './contract.js';
import { malformed, MalformedEventError } from './event-error.js';

/** The calls of a body that can be handled. */
export interface ReadableCalls {
  /** Calls from the first on. At least one. */
  readonly calls: readonly OnewayCall[];
  /** States why the next call cannot be handled. No call behind it is read. */
  readonly fault?: unknown;
}

/** The bytes of a body, and the end offset of each call. */
interface CallEnds {
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

/** A method that messages call by one name, with its codec in one protocol. */
interface CalledMethod {
  readonly service: string;
  readonly method: string;
  readonly codec: MethodCodec;
}

/** Reads the calls of bodies. Each body may use another protocol. */
export class BodyReader {
  /** Methods by protocol and name. Only names that the contract resolves are kept. */
  private readonly called = {
    binary: new Map<string, CalledMethod>(),
    compact: new Map<string, CalledMethod>(),
    json: new Map<string, CalledMethod>(),
  } satisfies Record<ProtocolName, unknown>;

  constructor(
    private readonly contract: Contract,
    private readonly codecs: ContractCodecs,
    private readonly limits: ThriftLimits,
    private readonly options: Pick<ReaderOptions, 'oldBinary' | 'lenient'>,
  ) {}

  /**
   * Reads the calls of a body up to the first that cannot be handled, at least one.
   *
   * @throws MalformedEventError nothing of the body can be handled
   */
  read(body: WireBody): ReadableCalls {
    const bytes = fromWireBody(body);
    const protocol = this.protocolOf(bytes);
    const reader = openReader(protocol, bytes, this.limits, this.options);
    const calls: OnewayCall[] = [];
    try {
      do calls.push(this.readCall(reader, protocol));
      while (this.hasCallAt(bytes.length - reader.remaining, bytes, protocol));
    } catch (error) {
      const fault = malformed(error, calls.length);
      // A body with too many calls is refused as a whole, before any of them runs.
      if (calls.length === 0 || isOfCalls(error) || !(fault instanceof MalformedEventError)) throw fault;
      return { calls, fault };
    }
    return { calls };
  }

  /**
   * Finds the ends of the calls of a body without making their values. Bytes whose end cannot be found
   * count as the last call. Stops after `most` calls.
   *
   * @throws MalformedEventError the body does not begin with a call
   */
  ends(body: WireBody, most: number): CallEnds {
    const bytes = fromWireBody(body);
    const protocol = this.protocolOf(bytes);
    const reader = openReader(protocol, bytes, LARGEST_LIMITS, this.options);
    const ends: number[] = [];
    try {
      do {
        reader.readMessageBegin();
        reader.skip(TType.STRUCT);
        reader.readMessageEnd();
        ends.push(bytes.length - reader.remaining);
      } while (ends.length < most && this.hasCallAt(ends.at(-1)!, bytes, protocol));
    } catch (error) {
      if (ends.length === 0) throw malformed(error, 0);
      ends.push(bytes.length);
    }
    return { bytes, ends };
  }

  private protocolOf(bytes: Buffer): ProtocolName {
    const protocol = sniffProtocol(bytes, this.options.oldBinary);
    if (protocol) return protocol;
    const byte = bytes[0]!.toString(16).padStart(2, '0');
    throw new MalformedEventError('unknown-protocol', `the body starts with 0x${byte}, which no known protocol does`);
  }

  private readCall(reader: ThriftReader, protocol: ProtocolName): OnewayCall {
    const { name, type } = reader.readMessageBegin();
    // Go still writes CALL for a oneway method. Before 2014 all languages did.
    if (type !== TMessageType.ONEWAY && type !== TMessageType.CALL) {
      throw new MalformedEventError('wrong-message-type', `message type ${type} is neither ONEWAY nor CALL`);
    }
    const { service, method, codec } = this.called[protocol].get(name) ?? this.resolve(name, protocol);
    const args = codec.read(reader);
    reader.readMessageEnd();
    return { service, method, args };
  }

  private resolve(name: string, protocol: ProtocolName): CalledMethod {
    const { service, fn } = this.methodOf(name);
    const codec = this.codecs.of(protocol).get(service)!.methods.get(fn.name)!;
    const called = { service: service.name, method: fn.name, codec };
    this.called[protocol].set(name, called);
    return called;
  }

  /**
   * True if another call must follow. A lenient reader stops at bytes that do not begin as a call
   * of the protocol.
   */
  private hasCallAt(at: number, bytes: Buffer, protocol: ProtocolName): boolean {
    if (at >= bytes.length) return false;
    return !this.options.lenient || sniffProtocol(bytes.subarray(at), this.options.oldBinary) === protocol;
  }

  private methodOf(name: string): ContractMethod {
    const at = name.indexOf(SEPARATOR);
    const service = at < 0 ? undefined : name.slice(0, at);
    const method = name.slice(at + 1);
    if (service !== undefined && !this.contract.has(service)) {
      throw new MalformedEventError('unknown-service', `no service ${printable(service)} is served here`);
    }
    const [found, second] = this.contract.find(method, service);
    if (!found) throw new MalformedEventError('unknown-method', `no service here has a method ${printable(method)}`);
    if (second) {
      const names = `${found.service.name} and ${second.service.name}`;
      throw new MalformedEventError(
        'unknown-service',
        `${printable(method)} is declared by ${names}, and the message names no service. Set the option multiplexed of its client`,
      );
    }
    if (!found.fn.oneway) {
      throw new MalformedEventError('wrong-message-type', `${found.service.name}.${method} is not oneway`);
    }
    return found;
  }
}

function isOfCalls(error: unknown): boolean {
  return error instanceof ThriftReadError && error.limit === 'calls';
}
