package com.example.backup;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransport;

/** Clients whose calls reach their transport as a whole or not at all. */
public final class WholeCalls {
  private WholeCalls() {}

  /**
   * A client of a service, to keep for as long as one likes.
   *
   * <p>A call that cannot be written, because a required field is missing say, fails in the middle. What it left in the buffer of the
   * transport and in the state of the protocol would spoil the next call, so each call has a buffer, a protocol and a generated client of its
   * own.
   */
  public static <I> I client(Class<I> service, Function<TProtocol, ? extends I> client, TProtocolFactory protocol, TTransport transport) {
    return service.cast(
        Proxy.newProxyInstance(
            service.getClassLoader(),
            new Class<?>[] {service},
            (proxy, method, arguments) -> {
              TMemoryBuffer buffer = new TMemoryBuffer(512);
              try {
                method.invoke(client.apply(protocol.getProtocol(buffer)), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              transport.write(buffer.getArray(), 0, buffer.length());
              transport.flush();
              return null;
            }));
  }
}
