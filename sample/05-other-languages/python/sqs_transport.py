"""Implements a transport of Apache Thrift over Amazon SQS. Each flush sends the written body as one message."""
import base64
import os
from io import BytesIO

import boto3
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.protocol.TProtocol import TProtocolException
from thrift.transport.TTransport import TTransportBase, TTransportException

# Maps the first byte of a message to its protocol. Binary and compact write a version, JSON an opening bracket.
PROTOCOLS = {b"\x80": TBinaryProtocol, b"\x82": TCompactProtocol, b"[": TJSONProtocol}


class TSqsTransport(TTransportBase):
    """Sends to and receives from one queue. Serves oneway calls only, because a queue carries no answers.

    A read ends with the body of the message in hand, so that a truncated body does not continue in the next message. Then `done` removes
    the message, or `leave` returns it to the queue when its visibility timeout ends.
    """

    def __init__(self, queue, sqs=None, wait_seconds=20):
        self._queue = queue
        # boto3 does not read AWS_REGION, which other SDKs read.
        self._sqs = sqs or boto3.client("sqs", region_name=os.environ.get("AWS_REGION"))
        self._wait_seconds = wait_seconds
        self._url = None
        self._written = b""
        self._body = BytesIO()
        self._receipt = None

    def isOpen(self):
        return self._url is not None

    def open(self):
        self._url = self._sqs.get_queue_url(QueueName=self._queue)["QueueUrl"]

    def close(self):
        self.leave()
        self._url = None

    def write(self, buf):
        """Takes a body in one piece, as WholeCalls writes it. In pieces, half of a failed call would get into the next message."""
        if self._written:
            self._written = b""
            raise TTransportException(message="a body is written in one piece, by WholeCalls")
        self._written = buf

    def flush(self):
        """Sends the written body. The queue has stored the message when this returns."""
        written, self._written = self._written, b""
        if not written:
            return
        # JSON is text already. Other protocols need base64, because a message is text.
        body = written if written.startswith(b"[") else base64.b64encode(written)
        self._sqs.send_message(QueueUrl=self._url, MessageBody=body.decode())

    def read(self, sz):
        while self._receipt is None:
            self.receive()
        read = self._body.read(sz)
        # Fails at the end, as readAll does. Code that reads single bytes, as JSON does in a number, would never stop.
        if sz > 0 and not read:
            raise EOFError("the message ends here")
        return read

    def receive(self):
        """Waits for a message and takes it in hand. False without a message; raises if the body is neither base64 nor JSON."""
        answer = self._sqs.receive_message(QueueUrl=self._url, WaitTimeSeconds=self._wait_seconds, MaxNumberOfMessages=1)
        for message in answer.get("Messages", []):
            self._receipt, text = message["ReceiptHandle"], message["Body"]
            try:
                # JSON may end in blanks, which a reader would take for another call.
                body = text.rstrip(" \t\r\n").encode() if text.startswith("[") else base64.b64decode(text, validate=True)
            except ValueError as error:
                raise TTransportException(message=f"message {message['MessageId']} is not base64: {error}", inner=error)
            self._body = BytesIO(body)
        return self._receipt is not None

    def first_byte(self):
        """Returns the first byte of the message in hand. Empty for an empty body."""
        return self._body.getvalue()[:1]

    def has_more(self):
        """True if the message in hand has unread bytes, because it may hold several calls."""
        return self._body.tell() < len(self._body.getvalue())

    def done(self):
        """Removes the message in hand, whose calls were all handled."""
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=self._receipt)
        self.leave()

    def leave(self):
        """Leaves the message in hand, which comes back. False without a message."""
        had, self._receipt = self._receipt is not None, None
        self._body = BytesIO()
        return had


def protocol_of(transport):
    """Selects the protocol of the message in hand, because producers may differ."""
    protocol = PROTOCOLS.get(transport.first_byte())
    if protocol is None:
        raise TProtocolException(TProtocolException.BAD_VERSION, f"no protocol begins with {transport.first_byte()!r}")
    return protocol(transport)
