package com.example.backup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses the arguments of a program in the forms of the other languages: {@code --flag}, {@code --name=value} or {@code --name value}, and a list. */
final class Arguments {
  private final String usage;
  private final Map<String, String> options = new HashMap<>();
  private final List<String> list = new ArrayList<>();

  Arguments(String usage, Set<String> flags, Set<String> names, String[] args) {
    this.usage = usage;
    for (Iterator<String> left = List.of(args).iterator(); left.hasNext(); ) {
      String arg = left.next();
      String[] parts = arg.split("=", 2);
      if (!arg.startsWith("--")) list.add(arg);
      else if (flags.contains(arg)) options.put(arg, "");
      else if (names.contains(parts[0]) && (parts.length == 2 || left.hasNext())) options.put(parts[0], parts.length == 2 ? parts[1] : left.next());
      else refuse();
    }
  }

  boolean has(String name) {
    return options.containsKey(name);
  }

  String get(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  /** Returns the arguments that are no options. Ends the program if their number is out of range. */
  List<String> list(int least, int most) {
    if (list.size() < least || list.size() > most) refuse();
    return list;
  }

  int number(String text) {
    if (!text.matches("\\d{1,9}")) refuse();
    return Integer.parseInt(text);
  }

  /** Ends the program. */
  void refuse() {
    System.err.println("usage: " + usage);
    System.exit(2);
  }
}
