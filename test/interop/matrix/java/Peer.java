import com.example.backup.Protocols;
import com.example.backup.TSqsTransport;
import com.example.backup.WholeCalls;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import crazynesting.CrazyNestingTest;
import java.io.File;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.thrift.TException;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransport;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Java's side of the matrix. Arguments: produce or consume, and a plan. Writes a line into the plan's file for each call that came and for each
 * message that could not be sent or read.
 */
public final class Peer {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Tagged TAGGED = new Tagged("vectors", "thrifttest", "crazynesting");

  public static void main(String[] args) throws Exception {
    JsonNode plan = MAPPER.readTree(new File(args[1]));
    try (SqsClient sqs = SqsClient.create();
        PrintWriter notes = new PrintWriter(plan.get("notes").asText(), StandardCharsets.UTF_8)) {
      if (args[0].equals("produce")) {
        for (JsonNode cell : plan.get("produce")) produce(sqs, plan.get("calls"), cell, notes);
      } else {
        for (JsonNode queue : plan.get("consume")) consume(sqs, queue.asText(), notes);
      }
    }
  }

  private static void produce(SqsClient sqs, JsonNode calls, JsonNode cell, PrintWriter notes) throws TException {
    String queue = cell.get("queue").asText();
    TSqsTransport transport = open(sqs, queue);
    int number = 0;
    for (JsonNode body : cell.get("bodies")) {
      List<JsonNode> together = new ArrayList<>();
      for (JsonNode position : body) together.add(calls.get(position.asInt()));
      try {
        send(transport, cell.get("protocol").asText(), together);
      } catch (ReflectiveOperationException | TException problem) {
        Throwable cause = problem instanceof InvocationTargetException ? problem.getCause() : problem;
        notes.println(note(queue, number).put("error", "not sent: " + cause + ": " + cause.getCause()));
      }
      number++;
    }
    transport.close();
  }

  private static ObjectNode note(String queue, int body) {
    return MAPPER.createObjectNode().put("queue", queue).put("body", body);
  }

  /** A client flushes after each call. What shares a body is therefore gathered in a buffer, and flushed as one. */
  private static void send(TSqsTransport transport, String protocol, List<JsonNode> calls) throws ReflectiveOperationException, TException {
    if (calls.size() == 1) {
      write(calls.get(0), protocol, transport);
      return;
    }
    TMemoryBuffer buffer = new TMemoryBuffer(16_384);
    for (JsonNode call : calls) write(call, protocol, buffer);
    transport.write(buffer.getArray(), 0, buffer.length());
    transport.flush();
  }

  private static TSqsTransport open(SqsClient sqs, String queue) throws TException {
    TSqsTransport transport = new TSqsTransport(sqs, queue, 0);
    transport.open();
    return transport;
  }

  private static void write(JsonNode call, String protocol, TTransport transport) throws ReflectiveOperationException {
    Class<CrazyNestingTest.Iface> service = CrazyNestingTest.Iface.class;
    TProtocolFactory protocols = buffer -> protocol(protocol, buffer);
    TAGGED.call(WholeCalls.client(service, CrazyNestingTest.Client::new, protocols, transport), call.get("method").asText(), call.get("args"));
  }

  private static TProtocol protocol(String name, TTransport transport) {
    return switch (name) {
      case "binary" -> new TBinaryProtocol(transport);
      case "compact" -> new TCompactProtocol(transport);
      default -> new TJSONProtocol(transport);
    };
  }

  private static String name(TProtocol protocol) {
    return protocol instanceof TBinaryProtocol ? "binary" : protocol instanceof TCompactProtocol ? "compact" : "json";
  }

  private static void consume(SqsClient sqs, String queue, PrintWriter out) throws TException {
    TSqsTransport transport = open(sqs, queue);
    for (int body = 0; transport.receive(); body++) {
      ObjectNode note = note(queue, body);
      List<ObjectNode> calls = new ArrayList<>();
      try {
        TProtocol protocol = Protocols.of(transport);
        note.put("protocol", name(protocol));
        TProcessor processor = processor(calls, note);
        while (transport.peek()) processor.process(protocol, protocol);
      } catch (TException | RuntimeException problem) {
        calls.add(note.deepCopy().put("error", problem.toString()));
      }
      calls.forEach(out::println);
      // Also what could not be read: nothing may be left at the end.
      transport.done();
    }
    transport.close();
  }

  /** Notes the arguments of every method. */
  private static TProcessor processor(List<ObjectNode> calls, ObjectNode note) {
    Class<?>[] types = {CrazyNestingTest.Iface.class};
    Object handler =
        Proxy.newProxyInstance(
            Peer.class.getClassLoader(),
            types,
            (proxy, method, args) -> {
              List<Object> given = args == null ? List.of() : Arrays.asList(args);
              ObjectNode call = note.deepCopy().put("method", method.getName());
              call.set("args", Plain.list(given));
              calls.add(call);
              return null;
            });
    return new CrazyNestingTest.Processor<>((CrazyNestingTest.Iface) handler);
  }
}
