package com.example.backup;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TMultiplexedProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransport;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Asks for a backup of each user: {@code Producer [--protocol compact] [--packed] [--multiplexed] [--without cache,tmp] QUEUE USER...}
 *
 * <p>Prints the id of each backup once SQS has stored the request for it.
 */
public final class Producer {
  private static final String USAGE = "Producer [--protocol compact] [--packed] [--multiplexed] [--without cache,tmp] QUEUE USER...";
  private static final Map<String, TProtocolFactory> PROTOCOLS =
      Map.of("binary", new TBinaryProtocol.Factory(), "compact", new TCompactProtocol.Factory(), "json", new TJSONProtocol.Factory());

  private Producer() {}

  public static void main(String[] args) throws TException {
    Arguments arguments = new Arguments(USAGE, Set.of("--packed", "--multiplexed"), Set.of("--protocol", "--without"), args);
    List<String> names = arguments.list(2, Integer.MAX_VALUE);
    TProtocolFactory plain = PROTOCOLS.get(arguments.get("--protocol", "binary"));
    if (plain == null) arguments.refuse();
    TProtocolFactory protocol =
        arguments.has("--multiplexed") ? buffer -> new TMultiplexedProtocol(plain.getProtocol(buffer), "BackupQueue") : plain;
    try (SqsClient sqs = SqsClient.create();
        TSqsTransport transport = new TSqsTransport(sqs, names.get(0))) {
      transport.open();
      // A client flushes after each call, which sends the call. Gather calls that share a message first.
      TMemoryBuffer gathered = new TMemoryBuffer(1024);
      TTransport output = arguments.has("--packed") ? gathered : transport;
      BackupQueue.Iface client = WholeCalls.client(BackupQueue.Iface.class, BackupQueue.Client::new, protocol, output);
      List<String> ids = new ArrayList<>();
      for (String user : names.subList(1, names.size())) {
        BackupRequest request = new BackupRequest(UUID.randomUUID().toString(), user, System.currentTimeMillis());
        if (arguments.has("--without")) request.setExcludedFolders(new HashSet<>(List.of(arguments.get("--without", "").split(","))));
        client.startBackup(request);
        if (arguments.has("--packed")) ids.add(request.getId());
        else System.out.println(request.getId());
      }
      if (arguments.has("--packed")) {
        transport.write(gathered.getArray(), 0, gathered.length());
        transport.flush();
        ids.forEach(System.out::println);
      }
    }
  }
}
