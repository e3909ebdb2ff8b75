import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.thrift.TBase;
import org.apache.thrift.TFieldIdEnum;

/** Values of cases.json as what code of the Apache compiler takes; its classes are looked for in the given packages. */
public final class Tagged {
  private final String[] packages;

  public Tagged(String... packages) {
    this.packages = packages;
  }

  /** Calls a client's method with arguments of cases.json. */
  public void call(Object client, String method, JsonNode args) throws ReflectiveOperationException {
    List<Object> values = new ArrayList<>();
    for (JsonNode tagged : args) values.add(value(tagged));
    for (Method declared : client.getClass().getMethods()) {
      if (declared.getName().equals(method)) declared.invoke(client, values.toArray());
    }
  }

  private Object value(JsonNode tagged) throws ReflectiveOperationException {
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

  private Class<?> type(JsonNode tagged) throws ClassNotFoundException {
    String name = tagged.get(2).asText();
    for (String candidate : packages) {
      try {
        return Class.forName(candidate + "." + name);
      } catch (ClassNotFoundException e) {
        continue;
      }
    }
    throw new ClassNotFoundException(name);
  }

  private List<Object> items(JsonNode data) throws ReflectiveOperationException {
    List<Object> items = new ArrayList<>();
    for (JsonNode item : data) items.add(value(item));
    return items;
  }

  private Map<Object, Object> map(JsonNode data) throws ReflectiveOperationException {
    Map<Object, Object> map = new HashMap<>();
    for (JsonNode pair : data) map.put(value(pair.get(0)), value(pair.get(1)));
    return map;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Object struct(Class<?> type, JsonNode data) throws ReflectiveOperationException {
    TBase struct = (TBase) type.getConstructor().newInstance();
    Method byName = Class.forName(type.getName() + "$_Fields").getMethod("findByName", String.class);
    for (Map.Entry<String, JsonNode> field : (Iterable<Map.Entry<String, JsonNode>>) data::fields) {
      struct.setFieldValue((TFieldIdEnum) byName.invoke(null, field.getKey()), value(field.getValue()));
    }
    return struct;
  }
}
