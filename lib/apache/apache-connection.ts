import type { Connection } from 'thrift';
import { ContractError, printable } from '../event/event-error.js';
import { BinaryWriter } from '../thrift/binary/binary-writer.js';
import { CompactWriter } from '../thrift/compact/compact-writer.js';
import { JsonWriter } from '../thrift/json/json-writer.js';
import { type ProtocolName, type ThriftWriter, TMessageType } from '../thrift/protocol.js';

/** What takes the calls that a protocol has written: it stands in the place of a transport. */
export interface CallSink {
  /** A call is begun. It may never be taken: what is written may be wrong. */
  begin(): void;
  /** One call, whole. */
  take(method: string, bytes: Buffer): void;
  /** Sends what was taken. */
  flush(): void;
}

/** What generated clients make for each call that they write. */
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

/** The protocol of a name, for code that the Apache compiler generated. It writes, and has nothing to read. */
function apacheProtocol(name: ProtocolName): ApacheProtocol {
  return PROTOCOLS[name];
}

/** A function and not a class, since Apache's Multiplexer calls the protocol that it derives from without `new`. */
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
      // Clients count their calls; as everywhere here it is 0, for equal calls must be equal bytes where content deduplicates.
      above.writeMessageBegin.call(this, name, type, 0);
    },
    writeMessageEnd() {
      above.writeMessageEnd.call(this);
      this.sink.take(this.method, this.toBuffer());
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
      ? `${printable(name)} waits for a reply, and a queue brings none: declare it oneway in the IDL and generate its code anew`
      : `message type ${type} of ${printable(name)} is no oneway call: a queue takes nothing else`,
  );
}

/** What `thrift.createClient` and `thrift.Multiplexer` look at in a connection. */
interface ConnectionParts {
  readonly transport: new () => CallSink;
  readonly protocol: ApacheProtocol;
  readonly seqId2Service: Readonly<Record<number, string>>;
}

/**
 * A connection for `thrift.createClient`, of which the declarations ask for much more than it looks at. Each client gets an output of
 * its own.
 */
export function apacheConnection(protocol: ProtocolName, output: () => CallSink): Connection {
  const parts: ConnectionParts = {
    // A function that returns an object makes that object when it is called with `new`.
    transport: function () {
      return output();
    } as unknown as ConnectionParts['transport'],
    protocol: apacheProtocol(protocol),
    // The Multiplexer notes here whom a reply would be for, and never forgets: no reply will come.
    seqId2Service: new Proxy({}, { set: () => true }),
  };
  return parts as unknown as Connection;
}
