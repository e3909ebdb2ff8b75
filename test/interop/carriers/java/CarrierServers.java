import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import org.apache.thrift.TException;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.server.TNonblockingServer;
import org.apache.thrift.server.TServer;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TIOStreamTransport;
import org.apache.thrift.transport.TNonblockingServerSocket;
import org.apache.thrift.transport.TSSLTransportFactory;
import org.apache.thrift.transport.TSSLTransportFactory.TSSLTransportParameters;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.layered.TFramedTransport;

/** Starts the servers of the carriers' matrix. */
final class CarrierServers {
  private CarrierServers() {}

  /** Returns the port of the server. */
  static int start(JsonNode cell, JsonNode tls) throws TException, IOException {
    TProcessor processor = CarrierPeer.processor(cell);
    TProtocolFactory protocols = CarrierPeer.protocols(cell);
    InetSocketAddress address = new InetSocketAddress(CarrierPeer.HOST, 0);
    switch (cell.get("transport").asText()) {
      case "http":
        return http(address, processor, protocols);
      case "nonblocking":
        TNonblockingServerSocket nonblocking = new TNonblockingServerSocket(address);
        run(new TNonblockingServer(new TNonblockingServer.Args(nonblocking).processor(processor).protocolFactory(protocols)));
        return nonblocking.getPort();
      case "tls":
        InetAddress host = InetAddress.getByName(CarrierPeer.HOST);
        TServerSocket secure = TSSLTransportFactory.getServerSocket(0, 0, host, tlsParameters(tls));
        return threads(secure, arguments(secure, processor, protocols).transportFactory(new TFramedTransport.Factory()));
      case "framed":
        TServerSocket framed = new TServerSocket(address);
        return threads(framed, arguments(framed, processor, protocols).transportFactory(new TFramedTransport.Factory()));
      default:
        TServerSocket plain = new TServerSocket(address);
        return threads(plain, arguments(plain, processor, protocols));
    }
  }

  /** Both ends show the one certificate that both trust. */
  static TSSLTransportParameters tlsParameters(JsonNode tls) {
    TSSLTransportParameters parameters = new TSSLTransportParameters();
    String password = tls.get("password").asText();
    parameters.setKeyStore(tls.get("keyStore").asText(), password, "SunX509", "PKCS12");
    parameters.setTrustStore(tls.get("trustStore").asText(), password, "PKIX", "PKCS12");
    parameters.requireClientAuth(true);
    return parameters;
  }

  private static TThreadPoolServer.Args arguments(TServerSocket socket, TProcessor processor, TProtocolFactory protocols) {
    return new TThreadPoolServer.Args(socket).processor(processor).protocolFactory(protocols);
  }

  private static int threads(TServerSocket socket, TThreadPoolServer.Args arguments) {
    run(new TThreadPoolServer(arguments));
    return socket.getServerSocket().getLocalPort();
  }

  private static void run(TServer server) {
    Thread thread = new Thread(server::serve);
    thread.setDaemon(true);
    thread.start();
  }

  /** Handles a request as the TServlet of the library does, without a container of servlets. */
  private static int http(InetSocketAddress address, TProcessor processor, TProtocolFactory protocols) throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/thrift",
        exchange -> {
          ByteArrayOutputStream answer = new ByteArrayOutputStream();
          int status = 200;
          try {
            TProtocol protocol = protocols.getProtocol(new TIOStreamTransport(exchange.getRequestBody(), answer));
            processor.process(protocol, protocol);
          } catch (TException failed) {
            status = 500;
          }
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/x-thrift");
            exchange.sendResponseHeaders(status, answer.size() == 0 ? -1 : answer.size());
            exchange.getResponseBody().write(answer.toByteArray());
          }
        });
    server.start();
    return server.getAddress().getPort();
  }
}
