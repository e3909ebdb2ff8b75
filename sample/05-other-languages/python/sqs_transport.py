"""Amazon SQS as a transport of Apache Thrift: a body that is written and flushed is one message."""
import base64
import os
from io import BytesIO

import boto3
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.protocol.TProtocol import TProtocolException
from thrift.transport.TTransport import TTransportBase, TTransportException

# By the first byte of a message. Binary and compact write a version there, JSON its opening bracket.
PROTOCOLS = {b"\x80": TBinaryProtocol, b"\x82": TCompactProtocol, b"[": TJSONProtocol}


class TSqsTransport(TTransportBase):
    """One queue, for oneway calls: a queue brings no answers.

    Reading takes one message in hand and ends with its body, so that a body that was cut short is not read on into the next one. Then
    `done` removes the message, or `leave` has it come back when its visibility timeout ends.
    """

    def __init__(self, queue, sqs=None, wait_seconds=20):
        self._queue = queue
        # Of the variables of the environment that other SDKs read, AWS_REGION is the one that boto3 does not.
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
        """Takes a body in one piece, as WholeCalls writes it: in pieces, half of a call that failed would get into the next message."""
        if self._written:
            self._written = b""
            raise TTransportException(message="a body is written in one piece, by WholeCalls")
        self._written = buf

    def flush(self):
        """Sends what was written. It has been stored when this returns."""
        written, self._written = self._written, b""
        if not written:
            return
        # JSON is text already; everything else is base64, for a message is text.
        body = written if written.startswith(b"[") else base64.b64encode(written)
        self._sqs.send_message(QueueUrl=self._url, MessageBody=body.decode())

    def read(self, sz):
        while self._receipt is None:
            self.receive()
        read = self._body.read(sz)
        # As readAll does. What reads a byte at a time, as JSON does in a number, would go on for as long as nothing comes.
        if sz > 0 and not read:
            raise EOFError("the message ends here")
        return read

    def receive(self):
        """Waits for a message and takes it in hand. False if none came; raises if the one in hand is neither base64 nor JSON."""
        answer = self._sqs.receive_message(QueueUrl=self._url, WaitTimeSeconds=self._wait_seconds, MaxNumberOfMessages=1)
        for message in answer.get("Messages", []):
            self._receipt, text = message["ReceiptHandle"], message["Body"]
            try:
                # JSON may end in blanks, which would be taken for another call.
                body = text.rstrip(" \t\r\n").encode() if text.startswith("[") else base64.b64decode(text, validate=True)
            except ValueError as error:
                raise TTransportException(message=f"message {message['MessageId']} is not base64: {error}", inner=error)
            self._body = BytesIO(body)
        return self._receipt is not None

    def first_byte(self):
        """Of the message in hand; empty if it has none."""
        return self._body.getvalue()[:1]

    def has_more(self):
        """Whether bytes of the message in hand are left to read: it may hold several calls."""
        return self._body.tell() < len(self._body.getvalue())

    def done(self):
        """Removes the message in hand, since everything in it was handled."""
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=self._receipt)
        self.leave()

    def leave(self):
        """Lets go of the message in hand, which comes back. False if there was none."""
        had, self._receipt = self._receipt is not None, None
        self._body = BytesIO()
        return had


def protocol_of(transport):
    """What the message in hand is written in; producers may differ."""
    protocol = PROTOCOLS.get(transport.first_byte())
    if protocol is None:
        raise TProtocolException(TProtocolException.BAD_VERSION, f"no protocol begins with {transport.first_byte()!r}")
    return protocol(transport)
