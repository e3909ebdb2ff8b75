import type { ThriftService } from '../idl/schema.js';
import { createReader, sniffProtocol, writeBytes } from '../thrift/messages.js';
import {
  type MessageHeader,
  type ProtocolName,
  type ThriftReader,
  type ThriftWriter,
  TMessageType,
} from '../thrift/protocol.js';
import { type CodecOptions, compileService, type ServiceCodec } from '../thrift/service-codec.js';
import { choiceOption } from '../queue/options.js';
import type { QueueFeatures } from '../queue/queue.js';
import type { WireBody } from '../queue/wire-message.js';
import { bodyBytes, fromWireBody, inFormOf, toBody, writeBody } from './body.js';
import { Contract, type ContractMethod, type OnewayCall, SEPARATOR } from './contract.js';
import { malformed, MalformedEventError, printable } from './event-error.js';
import type { Route } from './routing.js';

/** Options of {@link createEventCodec}. */
export interface EventCodecOptions extends CodecOptions {
  /** The protocol written; every known one is read. Default `binary`. */
  readonly protocol?: ProtocolName;
  /** Write `Service:method` names as TMultiplexedProtocol does. Default: only when there are several services. Always read. */
  readonly multiplexed?: boolean;
  /** Also read binary messages without the version word, as generators before 2008 wrote them. Default false. */
  readonly oldBinary?: boolean;
  /**
   * Reads what Apache's generated readers read (see {@link CodecOptions.lenient}), and passes over bytes behind the last call that do
   * not begin as another message of its protocol does. Default false.
   */
  readonly lenient?: boolean;
}

/** One oneway method, ready to be called. */
export interface EventMethod {
  readonly route: Route;
  /** As {@link EventCodec.encode}. */
  encode(args: OnewayCall['args']): Buffer;
  /** As {@link EventCodec.encodeBody}. */
  encodeBody(args: OnewayCall['args'], kind: QueueFeatures['body']): WireBody;
}

/** Calls to bytes and bodies to calls, for the services of one contract. */
export interface EventCodec {
  readonly contract: Contract;
  /**
   * The method of a name, looked up once: `method`, `Service:method`, or both apart.
   *
   * @throws ContractError the contract has no such oneway method
   */
  method(name: string, service?: string): EventMethod;
  /**
   * One TMessage of type ONEWAY with seqid 0: equal calls give equal bytes, which content-based deduplication relies on.
   *
   * @throws ContractError the contract has no such oneway method
   * @throws ThriftCodecError the arguments do not fit, with the path of the field
   */
  encode(call: OnewayCall): Buffer;
  /** The same as the body of a message, for a carrier of text or of bytes. Text is base64, but for the JSON protocol, which is text itself. */
  encodeBody(call: OnewayCall, kind: QueueFeatures['body']): WireBody;
  /** Encoded calls, one behind the other, as one body. */
  toBody(calls: Buffer, kind: QueueFeatures['body']): WireBody;
  /** Bytes of the body that {@link toBody} makes of so many bytes of calls. */
  bodyBytes(callBytes: number, kind: QueueFeatures['body']): number;
  /**
   * All calls of a body, at least one.
   *
   * @throws MalformedEventError nothing of the body can be handled
   */
  decode(body: WireBody): readonly OnewayCall[];
  /**
   * The calls of a body, each as a body of its own, byte for byte and in the form in which the body came.
   *
   * @throws MalformedEventError as {@link decode}
   */
  split(body: WireBody): readonly WireBody[];
}

/** The codec of a contract. The generated code behind it is compiled once per schema and shared. */
export function createEventCodec(services: readonly ThriftService[], options: EventCodecOptions = {}): EventCodec {
  const contract = new Contract(services);
  const { multiplexed = services.length > 1 } = options;
  const protocol = choiceOption('protocol', options.protocol, ['binary', 'compact', 'json']);
  choiceOption('i64', options.i64, ['bigint', 'number']);
  choiceOption('unknownKeys', options.unknownKeys, ['ignore', 'reject']);
  const compile = (name: ProtocolName): Map<ThriftService, ServiceCodec> =>
    new Map(services.map((service) => [service, compileService(service, name, options)]));
  const readers = new Map<ProtocolName, Map<ThriftService, ServiceCodec>>();
  const codecs = (name: ProtocolName): Map<ThriftService, ServiceCodec> => {
    let found = readers.get(name);
    if (!found) readers.set(name, (found = compile(name)));
    return found;
  };

  const methods = new Map<string | undefined, Map<string, EventMethod>>();
  const method = (name: string, service?: string): EventMethod => {
    let ofService = methods.get(service);
    let found = ofService?.get(name);
    if (found) return found;
    found = prepare(contract.resolve(name, service));
    ofService ??= new Map<string, EventMethod>();
    methods.set(service, ofService.set(name, found));
    return found;
  };

  const prepare = ({ service, fn, route }: ContractMethod): EventMethod => {
    const codec = codecs(protocol).get(service)!.methods.get(fn.name)!;
    const name = multiplexed ? service.name + SEPARATOR + fn.name : fn.name;
    const writing = (args: OnewayCall['args']) => (writer: ThriftWriter) => {
      writer.writeMessageBegin(name, TMessageType.ONEWAY, 0);
      codec.write(writer, args);
      writer.writeMessageEnd();
    };
    return {
      route,
      encode: (args) => writeBytes(protocol, writing(args)),
      encodeBody: (args, kind) => writeBody(protocol, kind, writing(args)),
    };
  };

  const read = (body: WireBody): ReadBody => {
    const bytes = fromWireBody(body);
    const name = sniffProtocol(bytes, options.oldBinary);
    if (!name) {
      const byte = bytes[0]!.toString(16).padStart(2, '0');
      throw new MalformedEventError('unknown-protocol', `the body starts with 0x${byte}, which no known protocol does`);
    }
    const reader = createReader(name, bytes, options);
    const begins = (): boolean =>
      sniffProtocol(bytes.subarray(bytes.length - reader.remaining), options.oldBinary) === name;
    const more = (): boolean => reader.remaining > 0 && (!options.lenient || begins());
    const ends: number[] = [];
    const ended = (): void => void ends.push(bytes.length - reader.remaining);
    return { bytes, ends, calls: readCalls(reader, { more, ended }, contract, codecs(name)) };
  };

  // Now, not with the first message: a process that forbids the evaluation of strings must not start.
  codecs(protocol);

  return {
    contract,
    method,
    encode: ({ method: name, service, args }) => method(name, service).encode(args),
    encodeBody: ({ method: name, service, args }, kind) => method(name, service).encodeBody(args, kind),
    toBody: (calls, kind) => toBody(protocol, kind, calls),
    bodyBytes: (callBytes, kind) => bodyBytes(protocol, kind, callBytes),
    decode: (body) => read(body).calls,
    split(body) {
      const { bytes, ends } = read(body);
      return ends.map((end, at) => inFormOf(body, bytes.subarray(at === 0 ? 0 : ends[at - 1], end)));
    },
  };
}

/** A body and what was read of it. */
interface ReadBody {
  readonly bytes: Buffer;
  readonly calls: readonly OnewayCall[];
  /** Where each call ends, in bytes. */
  readonly ends: readonly number[];
}

function readCalls(
  reader: ThriftReader,
  { more, ended }: { readonly more: () => boolean; readonly ended: () => void },
  contract: Contract,
  codecs: ReadonlyMap<ThriftService, ServiceCodec>,
): readonly OnewayCall[] {
  const calls: OnewayCall[] = [];
  try {
    do {
      const header = reader.readMessageBegin();
      const { service, method } = target(header, contract);
      const args = codecs.get(service)!.methods.get(method)!.read(reader);
      reader.readMessageEnd();
      calls.push({ service: service.name, method, args });
      ended();
    } while (more());
  } catch (error) {
    throw malformed(error, calls.length);
  }
  return calls;
}

/** The function a message asks for. A oneway method also comes as CALL: Go writes it so to this day, all did before 2014. */
function target(header: MessageHeader, contract: Contract): { service: ThriftService; method: string } {
  const { name, type } = header;
  if (type !== TMessageType.ONEWAY && type !== TMessageType.CALL) {
    throw new MalformedEventError('wrong-message-type', `message type ${type} is neither ONEWAY nor CALL`);
  }
  const at = name.indexOf(SEPARATOR);
  const service = at < 0 ? undefined : name.slice(0, at);
  const method = name.slice(at + 1);
  if (service !== undefined && !contract.has(service)) {
    throw new MalformedEventError('unknown-service', `no service ${printable(service)} is served here`);
  }
  const [found, second] = contract.find(method, service);
  if (!found) throw new MalformedEventError('unknown-method', `no service here has a method ${printable(method)}`);
  if (second) {
    const names = `${found.service.name} and ${second.service.name}`;
    throw new MalformedEventError(
      'unknown-service',
      `${printable(method)} is declared by ${names}, and the message names none`,
    );
  }
  if (!found.fn.oneway) {
    throw new MalformedEventError('wrong-message-type', `${found.service.name}.${method} is not oneway`);
  }
  return { service: found.service, method };
}
