import type { Connection } from 'thrift';
import type { ProtocolName } from '../thrift/protocol.js';
import { apacheProtocol, type ApacheProtocol, type CallSink } from './apache-protocol.js';

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
