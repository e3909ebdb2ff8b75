import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import crazynesting.CrazyNestingTest;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.thrift.TException;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.THttpClient;
import org.apache.thrift.transport.TSSLTransportFactory;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportException;
import org.apache.thrift.transport.layered.TFastFramedTransport;
import org.apache.thrift.transport.layered.TFramedTransport;

/**
 * Java's side of the carriers' matrix. Argument: a plan. Opens the servers of the plan and prints their ports, then makes the calls of the
 * plan. Prints a line for each call that came and for each failure. On the line "end" of its input, it checks that no server answered a
 * call, and ends.
 */
public final class CarrierPeer {
  static final String HOST = "127.0.0.1";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Tagged TAGGED = new Tagged("vectors", "thrifttest", "crazynesting");

  private record Connection(String queue, Socket socket) {}

  public static void main(String[] args) throws Exception {
    JsonNode plan = MAPPER.readTree(new File(args[0]));
    ObjectNode ports = MAPPER.createObjectNode();
    for (JsonNode cell : plan.get("servers")) ports.put(cell.get("queue").asText(), CarrierServers.start(cell, plan.get("tls")));
    say(MAPPER.createObjectNode().set("ports", ports));
    List<Connection> connections = new ArrayList<>();
    for (JsonNode cell : plan.get("clients")) produce(cell, plan, connections);
    String line = new BufferedReader(new InputStreamReader(System.in)).readLine();
    if (!"end".equals(line)) throw new IllegalStateException("the input ended early");
    for (Connection connection : connections) checkAnswer(connection);
    // The threads of the servers would wait for their clients.
    System.exit(0);
  }

  private static void say(JsonNode line) {
    synchronized (System.out) {
      System.out.println(line);
      System.out.flush();
    }
  }

  private static ObjectNode note(String queue, Object body) {
    return MAPPER.createObjectNode().put("queue", queue).put("body", body.toString());
  }

  private static void produce(JsonNode cell, JsonNode plan, List<Connection> connections) throws TException {
    String queue = cell.get("queue").asText();
    for (JsonNode positions : cell.get("connections")) {
      TTransport end = connect(cell, plan.get("tls"));
      TTransport transport =
          switch (cell.get("transport").asText()) {
            case "framed", "tls" -> new TFramedTransport(end);
            case "fastframed" -> new TFastFramedTransport(end);
            default -> end;
          };
      // One client for the connection, so that it counts its calls.
      Object client = new CrazyNestingTest.Client(protocols(cell).getProtocol(transport));
      for (JsonNode position : positions) {
        JsonNode call = plan.get("calls").get(position.asInt());
        try {
          TAGGED.call(client, call.get("method").asText(), call.get("args"));
          if (end instanceof THttpClient http) checkEmpty(http);
        } catch (ReflectiveOperationException | IllegalStateException problem) {
          Throwable cause = problem instanceof InvocationTargetException ? problem.getCause() : problem;
          say(note(queue, position).put("error", "not sent: " + cause));
        }
      }
      if (end instanceof TSocket socket) connections.add(new Connection(queue, socket.getSocket()));
    }
  }

  private static TTransport connect(JsonNode cell, JsonNode tls) throws TException {
    int port = cell.get("port").asInt();
    String url = "http://" + HOST + ":" + port + "/thrift";
    TTransport end =
        switch (cell.get("transport").asText()) {
          case "http" -> new THttpClient(url);
          case "http5" -> new THttpClient(url, HttpClients.createDefault());
          case "tls" -> TSSLTransportFactory.getClientSocket(HOST, port, 0, CarrierServers.tlsParameters(tls));
          default -> new TSocket(HOST, port);
        };
    if (!end.isOpen()) end.open();
    return end;
  }

  static TProtocolFactory protocols(JsonNode cell) {
    return switch (cell.get("protocol").asText()) {
      case "binary" -> new TBinaryProtocol.Factory();
      case "compact" -> new TCompactProtocol.Factory();
      default -> new TJSONProtocol.Factory();
    };
  }

  /** Fails if the server answered with more than the status. */
  private static void checkEmpty(THttpClient http) {
    int read;
    try {
      read = http.read(new byte[1], 0, 1);
    } catch (TTransportException end) {
      return;
    }
    if (read > 0) throw new IllegalStateException("answered with a body");
  }

  /** Ends the direction to the server. All that comes before the server does the same is an answer. */
  private static void checkAnswer(Connection connection) {
    try (Socket socket = connection.socket()) {
      socket.shutdownOutput();
      int left = socket.getInputStream().readAllBytes().length;
      if (left > 0) say(note(connection.queue(), "answer").put("error", "answered with " + left + " bytes"));
    } catch (IOException problem) {
      say(note(connection.queue(), "answer").put("error", "the connection failed: " + problem));
    }
  }

  /** Prints the arguments of every method, and what cannot be read. Fails as the official processor does. */
  static TProcessor processor(JsonNode cell) {
    String queue = cell.get("queue").asText();
    AtomicInteger bodies = new AtomicInteger();
    Class<?>[] types = {CrazyNestingTest.Iface.class};
    Object handler =
        Proxy.newProxyInstance(
            CarrierPeer.class.getClassLoader(),
            types,
            (proxy, method, args) -> {
              List<Object> given = args == null ? List.of() : Arrays.asList(args);
              ObjectNode call = note(queue, bodies.incrementAndGet());
              call.set("protocol", cell.get("protocol"));
              call.put("method", method.getName()).set("args", Plain.list(given));
              say(call);
              return null;
            });
    TProcessor official = new CrazyNestingTest.Processor<>((CrazyNestingTest.Iface) handler);
    return (TProtocol in, TProtocol out) -> {
      try {
        official.process(in, out);
      } catch (TException | RuntimeException problem) {
        // A client that hangs up between two messages is no failure.
        boolean hungUp = problem instanceof TTransportException end && end.getType() == TTransportException.END_OF_FILE;
        if (!hungUp) say(note(queue, bodies.incrementAndGet()).put("error", problem.toString()));
        throw problem;
      }
    };
  }
}
