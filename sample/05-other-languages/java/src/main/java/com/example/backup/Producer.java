package com.example.backup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TMultiplexedProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransport;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Asks for a backup of each user: {@code Producer [--protocol=compact] [--packed] [--multiplexed] [--without=cache,tmp] QUEUE USER...}
 *
 * <p>Prints the id of each backup once SQS has stored the request for it.
 */
public final class Producer {
  private Producer() {}

  public static void main(String[] args) throws TException {
    List<String> names = Arrays.stream(args).filter(arg -> !arg.startsWith("--")).toList();
    if (names.size() < 2) {
      System.err.println("usage: Producer [--protocol=compact] [--packed] [--multiplexed] [--without=cache,tmp] QUEUE USER...");
      System.exit(2);
    }
    boolean packed = Arrays.asList(args).contains("--packed");
    try (SqsClient sqs = SqsClient.create();
        TSqsTransport transport = new TSqsTransport(sqs, names.get(0))) {
      transport.open();
      // A client flushes after each call, which sends it. Calls that shall share a message are gathered first.
      TMemoryBuffer gathered = new TMemoryBuffer(1024);
      TProtocol protocol = protocol(option(args, "--protocol=", "binary"), packed ? gathered : transport);
      if (Arrays.asList(args).contains("--multiplexed")) protocol = new TMultiplexedProtocol(protocol, "BackupQueue");
      BackupQueue.Client client = new BackupQueue.Client(protocol);
      String without = option(args, "--without=", null);
      List<String> ids = new ArrayList<>();
      for (String user : names.subList(1, names.size())) {
        BackupRequest request = new BackupRequest(UUID.randomUUID().toString(), user, System.currentTimeMillis());
        if (without != null) request.setExcludedFolders(Set.of(without.split(",")));
        client.startBackup(request);
        ids.add(request.getId());
      }
      if (packed) {
        transport.write(gathered.getArray(), 0, gathered.length());
        transport.flush();
      }
      ids.forEach(System.out::println);
    }
  }

  private static String option(String[] args, String flag, String otherwise) {
    return Arrays.stream(args).filter(arg -> arg.startsWith(flag)).map(arg -> arg.substring(flag.length())).findFirst().orElse(otherwise);
  }

  private static TProtocol protocol(String name, TTransport transport) {
    return switch (name) {
      case "binary" -> new TBinaryProtocol(transport);
      case "compact" -> new TCompactProtocol(transport);
      case "json" -> new TJSONProtocol(transport);
      default -> throw new IllegalArgumentException("--protocol is binary, compact or json");
    };
  }
}
