package com.example.backup;

import java.util.stream.Collectors;
import org.apache.thrift.TException;
import org.apache.thrift.transport.TTransportException;

/** Makes text from the wire safe for a log: escapes line breaks and terminal commands, and cuts long text. */
final class Shown {
  private static final int LONGEST = 500;

  private Shown() {}

  static String of(String text) {
    return text.codePoints().limit(LONGEST).mapToObj(Shown::of).collect(Collectors.joining());
  }

  /** Returns the error and its causes. Their messages may contain any text of a sender. */
  static TException of(Throwable error) {
    TException cause = error.getCause() == null ? null : of(error.getCause());
    String message = of(error.toString());
    // Processors end with the one, and go on after the other.
    TException shown = error instanceof TTransportException ? new TTransportException(message, cause) : new TException(message, cause);
    shown.setStackTrace(error.getStackTrace());
    return shown;
  }

  private static String of(int character) {
    if (character == '\\') return "\\\\";
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE,
          Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> String.format("\\u%04x", character);
      default -> Character.toString(character);
    };
  }
}
