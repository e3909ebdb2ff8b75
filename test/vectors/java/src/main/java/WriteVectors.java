import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.util.HexFormat;
import org.apache.thrift.TBase;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TMultiplexedProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TMemoryBuffer;
import vectors.Vectors;

/** Writes the vectors as Apache Thrift's Java library does. Arguments: cases.json, and the file to write; Maven has its own on standard output. */
public final class WriteVectors {
  private static final String[] PROTOCOLS = {"binary", "compact", "json"};
  private static final Tagged TAGGED = new Tagged("vectors");

  public static void main(String[] args) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode cases = mapper.readTree(new File(args[0]));
    ObjectNode result = mapper.createObjectNode();
    result.put("runtime", "Apache Thrift " + version() + ", Java");
    ObjectNode calls = result.putObject("calls");
    for (JsonNode one : cases) {
      ObjectNode written = calls.putObject(one.get("name").asText());
      for (String protocol : PROTOCOLS) written.put(protocol, write(one, protocol, false));
    }
    result.put("oldBinary", write(cases.get(0), "old-binary", false));
    ObjectNode multiplexed = result.putObject("multiplexed");
    for (String protocol : PROTOCOLS) multiplexed.put(protocol, write(cases.get(0), protocol, true));
    mapper.writeValue(new File(args[1]), result);
  }

  /** The library's version, from the name of its jar. */
  private static String version() {
    String jar = TBase.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.replaceAll(".*libthrift-(.*)\\.jar", "$1");
  }

  private static String write(JsonNode one, String name, boolean multiplexed) throws Exception {
    TMemoryBuffer buffer = new TMemoryBuffer(1024);
    TProtocol protocol =
        switch (name) {
          case "compact" -> new TCompactProtocol(buffer);
          case "json" -> new TJSONProtocol(buffer);
          default -> new TBinaryProtocol(buffer, true, name.equals("binary"));
        };
    if (multiplexed) protocol = new TMultiplexedProtocol(protocol, "Vectors");
    TAGGED.call(new Vectors.Client(protocol), one.get("method").asText(), one.get("args"));
    return HexFormat.of().formatHex(buffer.getArray(), 0, buffer.length());
  }
}
