package com.example.backup;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.TMultiplexedProcessor;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TEndpointTransport;
import org.apache.thrift.transport.TTransportException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Handles the calls of a queue: {@code Worker [--reports QUEUE] [--wait SECONDS] QUEUE}
 *
 * <p>SIGTERM and SIGINT end the worker after the call in hand. The worker leaves a message with further calls whole. Without a message
 * the worker ends with its long poll, so that no message is lost on the way.
 */
public final class Worker {
  private static final Logger LOGGER = LoggerFactory.getLogger(Worker.class);

  private final TSqsTransport transport;
  private final TProcessor processor;
  private boolean failed;
  private volatile boolean stopping;

  private Worker(TSqsTransport transport, BackupHandler handler) {
    this.transport = transport;
    BackupQueue.Iface queue = noting(BackupQueue.Iface.class, handler);
    TMultiplexedProcessor services = new TMultiplexedProcessor();
    services.registerProcessor("BackupQueue", new BackupQueue.Processor<>(queue));
    services.registerProcessor("BackupReports", new BackupReports.Processor<>(noting(BackupReports.Iface.class, handler)));
    // Serves calls that do not name their service.
    services.registerDefault(new BackupQueue.Processor<>(queue));
    processor = services;
  }

  /** Records failed calls. For oneway calls generated processors only log a failure and return as after a success. */
  private <I> I noting(Class<I> service, I handler) {
    return service.cast(
        Proxy.newProxyInstance(
            service.getClassLoader(),
            new Class<?>[] {service},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(handler, arguments);
              } catch (InvocationTargetException e) {
                failed = true;
                throw e.getCause() instanceof Exception cause ? Shown.of(cause) : e.getCause();
              }
            }));
  }

  /** Provides the output of the processors. They write an answer only about a call that never reached its handler. */
  private static final class NoAnswer extends TEndpointTransport {
    NoAnswer() throws TTransportException {
      super(new TConfiguration());
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void open() {}

    @Override
    public void close() {}

    @Override
    public int read(byte[] buf, int off, int len) {
      return 0;
    }

    @Override
    public void write(byte[] buf, int off, int len) throws TTransportException {
      throw new TTransportException("the message has a call that nothing here handles");
    }
  }

  /** Handles each call of the message in hand. Removes the message if all calls succeed. Leaves the message when the worker must end. */
  private void handleMessage() throws TException {
    failed = false;
    TProtocol calls = Protocols.of(transport);
    TProtocol noAnswer = new TBinaryProtocol(new NoAnswer());
    while (transport.peek()) {
      // One message can hold many thousands of calls.
      if (stopping) {
        transport.leave();
        return;
      }
      processor.process(calls, noAnswer);
    }
    if (failed) throw new TException("a handler failed");
    transport.done();
  }

  private void run() throws InterruptedException {
    while (!stopping) {
      try {
        if (transport.receive()) handleMessage();
      } catch (TException | RuntimeException e) {
        LOGGER.error("not handled", Shown.of(e));
        // Without a message in hand SQS itself failed, so pause.
        if (!transport.leave()) Thread.sleep(1000);
      }
    }
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments("Worker [--reports QUEUE] [--wait SECONDS] QUEUE", Set.of(), Set.of("--reports", "--wait"), args);
    String queue = arguments.list(1, 1).get(0);
    int wait = arguments.number(arguments.get("--wait", "20"));
    SqsClient sqs = SqsClient.create();
    BackupReports.Iface reports = null;
    if (arguments.has("--reports")) {
      TSqsTransport transport = new TSqsTransport(sqs, arguments.get("--reports", null));
      transport.open();
      reports = WholeCalls.client(BackupReports.Iface.class, BackupReports.Client::new, new TBinaryProtocol.Factory(), transport);
    }
    TSqsTransport transport = new TSqsTransport(sqs, queue, wait);
    transport.open();
    Worker worker = new Worker(transport, new BackupHandler(reports));
    Thread running = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> worker.stop(running)));
    System.out.println("waiting for calls");
    worker.run();
  }

  /** Delays the end of the virtual machine, which waits for its hooks. */
  private void stop(Thread running) {
    stopping = true;
    try {
      running.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
