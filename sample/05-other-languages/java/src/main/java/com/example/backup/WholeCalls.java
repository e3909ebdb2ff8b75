package com.example.backup;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransport;

/** Creates clients whose calls reach their transport completely or not at all. */
public final class WholeCalls {
  private WholeCalls() {}

  /**
   * Creates a client of a service, which may be kept.
   *
   * <p>A write fails halfway if, for example, a required field is missing. The rest in the buffer of the transport and in the state of the
   * protocol would spoil the next call. So each call has its own buffer, protocol and generated client.
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
