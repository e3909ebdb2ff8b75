import com.example.backup.BackupQueue;
import com.example.backup.BackupRequest;
import com.example.backup.TSqsTransport;
import com.example.backup.WholeCalls;
import java.util.Collections;
import java.util.Map;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransport;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Asks for backups through one client, of which one cannot be written, in each protocol: {@code FailingCalls QUEUE}
 *
 * <p>Prints a line for each call that failed. The first is of a client that writes to the transport as its protocol does, in pieces.
 */
public final class FailingCalls {
  private static final Map<String, TProtocolFactory> PROTOCOLS =
      Map.of("binary", new TBinaryProtocol.Factory(), "compact", new TCompactProtocol.Factory(), "json", new TJSONProtocol.Factory());

  public static void main(String[] args) throws TException {
    try (SqsClient sqs = SqsClient.create();
        TSqsTransport transport = new TSqsTransport(sqs, args[0])) {
      transport.open();
      ask(new BackupQueue.Client(new TBinaryProtocol(transport)), "in pieces");
      for (String name : PROTOCOLS.keySet()) {
        TProtocolFactory protocol = PROTOCOLS.get(name);
        ask(wholeCalls(protocol, transport), name + "-1", name + "-bad", name + "-2");
        TMemoryBuffer gathered = new TMemoryBuffer(1024);
        ask(wholeCalls(protocol, gathered), name + "-packed-1", name + "-packed-bad", name + "-packed-2");
        transport.write(gathered.getArray(), 0, gathered.length());
        transport.flush();
      }
    }
  }

  private static BackupQueue.Iface wholeCalls(TProtocolFactory protocol, TTransport transport) {
    return WholeCalls.client(BackupQueue.Iface.class, BackupQueue.Client::new, protocol, transport);
  }

  private static void ask(BackupQueue.Iface client, String... users) {
    for (String user : users) {
      BackupRequest request = new BackupRequest("b-1", user, 1);
      // Of a folder that is null half of the call has been written when it fails.
      if (user.endsWith("bad")) request.setExcludedFolders(Collections.singleton(null));
      try {
        client.startBackup(request);
      } catch (TException | RuntimeException e) {
        System.out.println(user + " failed");
      }
    }
  }
}
