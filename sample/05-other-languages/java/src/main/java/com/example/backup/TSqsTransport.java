package com.example.backup;

import java.util.Arrays;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.transport.TEndpointTransport;
import org.apache.thrift.transport.TTransportException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Implements a transport of Apache Thrift over Amazon SQS for oneway calls, because a queue carries no answers. Each flush sends the
 * written body as one message.
 *
 * <p>A read ends with the body of the message in hand, so that a truncated body does not continue in the next message. Then {@link #done}
 * removes the message, or {@link #leave} returns it to the queue when its visibility timeout ends.
 */
public final class TSqsTransport extends TEndpointTransport {
  private static final byte[] EMPTY = {};

  private final SqsClient sqs;
  private final String queue;
  private final int waitSeconds;
  private byte[] written = EMPTY;
  private String url;
  private String receipt;
  private byte[] body = EMPTY;
  private int position;

  public TSqsTransport(SqsClient sqs, String queue) throws TTransportException {
    this(sqs, queue, 20);
  }

  public TSqsTransport(SqsClient sqs, String queue, int waitSeconds) throws TTransportException {
    super(new TConfiguration());
    this.sqs = sqs;
    this.queue = queue;
    this.waitSeconds = waitSeconds;
  }

  @Override
  public boolean isOpen() {
    return url != null;
  }

  @Override
  public void open() throws TTransportException {
    try {
      url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    } catch (SdkException e) {
      throw new TTransportException(TTransportException.NOT_OPEN, "cannot open the queue " + queue, e);
    }
  }

  @Override
  public void close() {
    leave();
    url = null;
  }

  /** Takes a body in one piece, as {@link WholeCalls} writes it. In pieces, half of a failed call would get into the next message. */
  @Override
  public void write(byte[] buf, int off, int len) throws TTransportException {
    if (written.length > 0) {
      written = EMPTY;
      throw new TTransportException("a body is written in one piece, by WholeCalls");
    }
    written = Arrays.copyOfRange(buf, off, off + len);
  }

  /** Sends the written body. The queue has stored the message when this returns. */
  @Override
  public void flush() throws TTransportException {
    byte[] bytes = written;
    written = EMPTY;
    if (bytes.length == 0) return;
    String text = Bodies.textOf(bytes);
    try {
      sqs.sendMessage(request -> request.queueUrl(url).messageBody(text));
    } catch (SdkException e) {
      throw new TTransportException("cannot send to the queue " + queue, e);
    }
  }

  @Override
  public int read(byte[] buf, int off, int len) throws TTransportException {
    while (receipt == null) receive();
    int count = Math.min(len, body.length - position);
    System.arraycopy(body, position, buf, off, count);
    position += count;
    countConsumedMessageBytes(count);
    return count;
  }

  /** Waits for a message and takes it in hand. False without a message; throws if the body is neither base64 nor JSON. */
  public boolean receive() throws TTransportException {
    try {
      var received = sqs.receiveMessage(request -> request.queueUrl(url).waitTimeSeconds(waitSeconds).maxNumberOfMessages(1));
      for (Message message : received.messages()) take(message);
    } catch (SdkException e) {
      throw new TTransportException("cannot receive from the queue " + queue, e);
    }
    return receipt != null;
  }

  private void take(Message message) throws TTransportException {
    receipt = message.receiptHandle();
    try {
      body = Bodies.of(message.body());
    } catch (IllegalArgumentException e) {
      throw new TTransportException(TTransportException.CORRUPTED_DATA, "message " + message.messageId() + " is not base64", e);
    }
    // Nothing in a body can be longer than the body, whatever it declares.
    resetMessageSizeAndConsumedBytes();
    updateKnownMessageSize(body.length);
  }

  /** Returns the first byte of the message in hand. 0, with which no protocol begins, for an empty body. */
  public byte firstByte() {
    return body.length == 0 ? 0 : body[0];
  }

  /** True if the message in hand has unread bytes, because it may hold several calls. */
  @Override
  public boolean peek() {
    return position < body.length;
  }

  /** Removes the message in hand, whose calls were all handled. */
  public void done() throws TTransportException {
    try {
      sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(receipt));
    } catch (SdkException e) {
      throw new TTransportException("cannot delete from the queue " + queue, e);
    }
    leave();
  }

  /** Leaves the message in hand, which comes back. False without a message. */
  public boolean leave() {
    boolean had = receipt != null;
    receipt = null;
    body = EMPTY;
    position = 0;
    return had;
  }
}
