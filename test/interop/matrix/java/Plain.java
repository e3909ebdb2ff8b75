import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.apache.thrift.TBase;
import org.apache.thrift.TEnum;
import org.apache.thrift.TFieldIdEnum;
import org.apache.thrift.TUnion;
import org.apache.thrift.meta_data.FieldMetaData;

/**
 * Converts the arguments of a handler to JSON that every language can produce: integers as decimal text, doubles as their bits in hex or
 * NaN, binary as hex, sets as lists, maps as lists of pairs, structs as the fields that came or have a default.
 */
public final class Plain {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Plain() {}

  public static JsonNode of(Object value) {
    if (value == null) return JSON.nullNode();
    if (value instanceof Boolean bool) return JSON.booleanNode(bool);
    if (value instanceof Double number) return JSON.textNode(bits(number));
    if (value instanceof TEnum member) return JSON.textNode(String.valueOf(member.getValue()));
    if (value instanceof Number || value instanceof String || value instanceof UUID) return JSON.textNode(value.toString());
    if (value instanceof ByteBuffer buffer) return JSON.textNode(hex(buffer));
    if (value instanceof byte[] bytes) return JSON.textNode(HexFormat.of().formatHex(bytes));
    if (value instanceof Collection<?> items) return list(items);
    if (value instanceof Map<?, ?> map) return pairs(map);
    if (value instanceof TBase<?, ?> struct) return fields(struct);
    throw new IllegalArgumentException(value.getClass().getName());
  }

  private static String bits(double number) {
    return Double.isNaN(number) ? "NaN" : HexFormat.of().toHexDigits(Double.doubleToRawLongBits(number));
  }

  private static String hex(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  public static ArrayNode list(Collection<?> items) {
    ArrayNode list = JSON.arrayNode();
    for (Object item : items) list.add(of(item));
    return list;
  }

  private static ArrayNode pairs(Map<?, ?> map) {
    ArrayNode pairs = JSON.arrayNode();
    map.forEach((key, value) -> pairs.addArray().add(of(key)).add(of(value)));
    return pairs;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ObjectNode fields(TBase struct) {
    ObjectNode fields = JSON.objectNode();
    Map<? extends TFieldIdEnum, FieldMetaData> declared = FieldMetaData.getStructMetaDataMap((Class) struct.getClass());
    declared.forEach(
        (id, field) -> {
          boolean there = struct.isSet(id);
          // The default of a number or a bool is there without being "set". A union gives nothing but its member.
          Object value = there || !(struct instanceof TUnion) ? struct.getFieldValue(id) : null;
          if (there || !isNothing(value)) fields.set(field.fieldName, of(value));
        });
    return fields;
  }

  private static boolean isNothing(Object value) {
    return value == null || value.equals(false) || value instanceof Number number && number.doubleValue() == 0;
  }
}
