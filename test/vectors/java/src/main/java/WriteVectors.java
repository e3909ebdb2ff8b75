import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.thrift.TBase;
import org.apache.thrift.TFieldIdEnum;
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
    List<Object> values = new ArrayList<>();
    for (JsonNode tagged : one.get("args")) values.add(value(tagged));
    Vectors.Client client = new Vectors.Client(protocol);
    for (Method method : Vectors.Client.class.getMethods()) {
      if (method.getName().equals(one.get("method").asText())) method.invoke(client, values.toArray());
    }
    return HexFormat.of().formatHex(buffer.getArray(), 0, buffer.length());
  }

  private static Object value(JsonNode tagged) throws Exception {
    JsonNode data = tagged.get(1);
    return switch (tagged.get(0).asText()) {
      case "bool" -> data.asBoolean();
      case "i8" -> (byte) data.asInt();
      case "i16" -> (short) data.asInt();
      case "i32" -> data.asInt();
      case "i64" -> Long.parseLong(data.asText());
      case "double" -> Double.longBitsToDouble(Long.parseUnsignedLong(data.asText(), 16));
      case "string" -> data.asText();
      case "binary" -> ByteBuffer.wrap(HexFormat.of().parseHex(data.asText()));
      case "uuid" -> UUID.fromString(data.asText());
      case "enum" -> type(tagged).getMethod("findByValue", int.class).invoke(null, data.asInt());
      case "list" -> items(data);
      case "set" -> new HashSet<>(items(data));
      case "map" -> map(data);
      case "struct" -> struct(type(tagged), data);
      default -> throw new IllegalArgumentException(tagged.toString());
    };
  }

  private static Class<?> type(JsonNode tagged) throws Exception {
    return Class.forName("vectors." + tagged.get(2).asText());
  }

  private static List<Object> items(JsonNode data) throws Exception {
    List<Object> items = new ArrayList<>();
    for (JsonNode item : data) items.add(value(item));
    return items;
  }

  private static Map<Object, Object> map(JsonNode data) throws Exception {
    Map<Object, Object> map = new HashMap<>();
    for (JsonNode pair : data) map.put(value(pair.get(0)), value(pair.get(1)));
    return map;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object struct(Class<?> type, JsonNode data) throws Exception {
    TBase struct = (TBase) type.getConstructor().newInstance();
    Method byName = Class.forName(type.getName() + "$_Fields").getMethod("findByName", String.class);
    for (Map.Entry<String, JsonNode> field : (Iterable<Map.Entry<String, JsonNode>>) data::fields) {
      struct.setFieldValue((TFieldIdEnum) byName.invoke(null, field.getKey()), value(field.getValue()));
    }
    return struct;
  }
}
