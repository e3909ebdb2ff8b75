package com.example.backup;

import java.util.stream.Collectors;
import org.apache.thrift.TException;
import org.apache.thrift.transport.TTransportException;

/** What came off the wire, in a log: nothing in it breaks the line or gives orders to a terminal, and it is not long. */
final class Shown {
  private static final int LONGEST = 500;

  private Shown() {}

  static String of(String text) {
    return text.codePoints().limit(LONGEST).mapToObj(Shown::of).collect(Collectors.joining());
  }

  /** The error and its causes, whose messages may have any text of a sender in them. */
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
