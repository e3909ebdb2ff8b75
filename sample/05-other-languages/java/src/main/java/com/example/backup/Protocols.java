package com.example.backup;

import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolException;

/** Selects the protocol of the message in hand by its first byte, because producers may differ. */
public final class Protocols {
  private Protocols() {}

  public static TProtocol of(TSqsTransport transport) throws TException {
    return switch (transport.firstByte()) {
      case (byte) 0x80 -> new TBinaryProtocol(transport);
      case (byte) 0x82 -> new TCompactProtocol(transport);
      case '[' -> new TJSONProtocol(transport);
      default -> throw new TProtocolException(TProtocolException.BAD_VERSION, "no protocol begins as this message does");
    };
  }
}
