package com.example.backup;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Serves HTTP and answers at once, because a worker in any language does the slow part: {@code WebServer QUEUE [PORT]}
 *
 * <p>{@code POST /backups/alice} answers 202 and the id of the backup once SQS has stored the request for it, and 503 otherwise.
 */
public final class WebServer {
  private static final Logger LOGGER = LoggerFactory.getLogger(WebServer.class);

  private final BackupQueue.Iface backups;

  private WebServer(BackupQueue.Iface backups) {
    this.backups = backups;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String user = exchange.getRequestURI().getPath().substring("/backups/".length());
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.getResponseHeaders().set("Allow", "POST");
        answer(exchange, 405, "only POST");
      } else if (user.isBlank()) {
        answer(exchange, 400, "of whom?");
      } else {
        start(exchange, user);
      }
    }
  }

  private void start(HttpExchange exchange, String user) throws IOException {
    String id = UUID.randomUUID().toString();
    try {
      backups.startBackup(new BackupRequest(id, user, System.currentTimeMillis()));
    } catch (TException | RuntimeException e) {
      LOGGER.error("backup {} was not asked for", id, e);
      answer(exchange, 503, "try again");
      return;
    }
    answer(exchange, 202, id);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    exchange.sendResponseHeaders(status, text.length());
    exchange.getResponseBody().write(text.getBytes());
  }

  public static void main(String[] args) throws IOException, TException {
    Arguments arguments = new Arguments("WebServer QUEUE [PORT]", Set.of(), Set.of(), args);
    List<String> names = arguments.list(1, 2);
    int port = names.size() == 2 ? arguments.number(names.get(1)) : 0;
    TSqsTransport transport = new TSqsTransport(SqsClient.create(), names.get(0));
    transport.open();
    TProtocolFactory protocol = new TBinaryProtocol.Factory();
    WebServer web = new WebServer(WholeCalls.client(BackupQueue.Iface.class, BackupQueue.Client::new, protocol, transport));
    // The server has one thread by default, as a transport of Thrift needs. Give each further thread its own transport.
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/backups/", web::handle);
    server.start();
    System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
  }
}
