package com.example.backup;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Converts between bodies and the text of a message: JSON stays as it is, other protocols become base64. */
final class Bodies {
  private static final String BLANKS = " \t\r\n";

  private Bodies() {}

  static String textOf(byte[] body) {
    return body[0] == '[' ? new String(body, StandardCharsets.UTF_8) : Base64.getEncoder().encodeToString(body);
  }

  /** Throws {@link IllegalArgumentException} if the text is neither JSON nor base64. */
  static byte[] of(String text) {
    if (!text.startsWith("[")) return Base64.getDecoder().decode(text);
    // JSON may end in blanks, which a reader would take for another call.
    int end = text.length();
    while (BLANKS.indexOf(text.charAt(end - 1)) >= 0) end--;
    return text.substring(0, end).getBytes(StandardCharsets.UTF_8);
  }
}
