import { printable } from '../common/printable.js';
import type { EventEmitter } from 'node:events';
import { ContractError } from '../event/event-error.js';
import { BinaryWriter } from '../thrift/binary/binary-writer.js';
import { CompactWriter } from '../thrift/compact/compact-writer.js';
import { JsonWriter } from '../thrift/json/json-writer.js';
import type { CostedBytes } from '../thrift/messages.js';
import { type ProtocolName, type ThriftWriter, TMessageType } from '../thrift/protocol.js';

/** Receives the calls that a protocol writes, in the place of a transport. */
export interface CallSink {
  /** Begins a call. {@link take} may never follow, because the written data may be invalid. */
  begin(): void;
  /** Takes one complete call. */
  take(method: string, call: CostedBytes): void;
  /** Sends the taken calls. */
  flush(): void;
}

/** Protocol class that generated clients instantiate for each call. */
type ApacheProtocol = new (sink: CallSink) => ThriftWriter;

interface CallWriter extends ThriftWriter {
  sink: CallSink;
  method: string;
}

const PROTOCOLS: Readonly<Record<ProtocolName, ApacheProtocol>> = {
  binary: protocolOver(BinaryWriter),
  compact: protocolOver(CompactWriter),
  json: protocolOver(JsonWriter),
};

/**
 * Returns a protocol for code that the Apache compiler generated. The protocol only writes and
 * never reads.
 */
function apacheProtocol(name: ProtocolName): ApacheProtocol {
  return PROTOCOLS[name];
}

/**
 * Uses a function instead of a class, because Apache's Multiplexer calls its base protocol without
 * `new`.
 */
function protocolOver(Writer: new () => ThriftWriter): ApacheProtocol {
  const above = Writer.prototype as ThriftWriter;
  const Protocol = function (this: CallWriter, sink: CallSink): void {
    Object.assign(this, new Writer(), { sink });
  };
  const own: Pick<ThriftWriter, 'writeMessageBegin' | 'writeMessageEnd' | 'flush'> & ThisType<CallWriter> = {
    writeMessageBegin(name, type) {
      this.sink.begin();
      if (type !== TMessageType.ONEWAY) throw notOneway(name, type);
      this.method = name;
      // Clients number their calls. The sequence id is always 0 here: content-based deduplication
      // needs equal bytes for equal calls.
      above.writeMessageBegin.call(this, name, type, 0);
    },
    writeMessageEnd() {
      above.writeMessageEnd.call(this);
      this.sink.take(this.method, { bytes: this.toBuffer(), cost: this.cost });
    },
    flush() {
      this.sink.flush();
    },
  };
  Protocol.prototype = Object.assign(Object.create(above) as ThriftWriter, own);
  return Protocol as unknown as ApacheProtocol;
}

function notOneway(name: string, type: number): ContractError {
  return new ContractError(
    'not-oneway',
    type === TMessageType.CALL
      ? `${printable(name)} expects a reply, which no queue can carry: declare the method oneway in the IDL and generate its code again`
      : `message type ${type} of ${printable(name)} is not a oneway call: a queue carries only oneway calls`,
  );
}

/**
 * Lists the properties that `thrift.createClient` and `thrift.Multiplexer` read from a connection.
 */
interface ConnectionParts {
  readonly transport: new () => CallSink;
  readonly protocol: ApacheProtocol;
  readonly seqId2Service: Readonly<Record<number, string>>;
}

/** Members of `Connection` in the typings of the `thrift` package, besides those of an emitter. */
type ConnectionMember =
  | 'seqId2Service'
  | 'connection'
  | 'ssl'
  | 'options'
  | 'transport'
  | 'protocol'
  | 'offline_queue'
  | 'connected'
  | 'end'
  | 'destroy'
  | 'initialize_retry_vars'
  | 'write'
  | 'connection_gone';

/**
 * A `Connection` of the `thrift` package, which only functions of that package can use. The typings
 * of that package need the typings of a browser, so this type stands for them.
 *
 * @publicApi
 */
export interface ApacheConnection extends EventEmitter, Readonly<Record<ConnectionMember, never>> {}

/**
 * Creates a connection for `thrift.createClient`. The type declarations require much more than the
 * function reads. Each client gets its own output.
 */
export function apacheConnection(protocol: ProtocolName, output: () => CallSink): ApacheConnection {
  const parts: ConnectionParts = {
    // Called with `new`, a function that returns an object creates that object.
    transport: function () {
      return output();
    } as unknown as ConnectionParts['transport'],
    protocol: apacheProtocol(protocol),
    // The Multiplexer records the service of each expected reply here and never removes the entry.
    // The proxy discards these entries, because no reply comes.
    seqId2Service: new Proxy({}, { set: () => true }),
  };
  return parts as unknown as ApacheConnection;
}
