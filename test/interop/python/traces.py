"""Carries the context of a trace with a message, without a tracer.

traces.py send QUEUE TRACEPARENT    emits startBackup in this context
traces.py receive QUEUE COUNT       prints one line of JSON for each message: the user, and its attributes of tracing
"""
import base64
import json
import sys

from backup import BackupQueue
from backup.ttypes import BackupRequest
from queues import open_queue
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TTransport import TMemoryBuffer

TRACING = ["traceparent", "tracestate", "baggage"]


class Handler:
    def startBackup(self, request):
        self.user = request.userId


def send(sqs, url, traceparent):
    buffer = TMemoryBuffer()
    BackupQueue.Client(TBinaryProtocol(buffer)).startBackup(BackupRequest(id="b-1", userId="python", requestedAt=0))
    attributes = {"traceparent": {"DataType": "String", "StringValue": traceparent}}
    sqs.send_message(QueueUrl=url, MessageBody=base64.b64encode(buffer.getvalue()).decode(), MessageAttributes=attributes)


def receive(sqs, url, count):
    handler = Handler()
    processor = BackupQueue.Processor(handler)
    handled = 0
    while handled < count:
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=10, MessageAttributeNames=TRACING)
        for message in answer.get("Messages", []):
            protocol = TBinaryProtocol(TMemoryBuffer(base64.b64decode(message["Body"], validate=True)))
            processor.process(protocol, protocol)
            attributes = message.get("MessageAttributes", {})
            tracing = {name: attributes[name]["StringValue"] for name in attributes}
            print(json.dumps({"user": handler.user, "tracing": tracing}), flush=True)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            handled += 1


verb, queue, argument = sys.argv[1:4]
if verb == "send":
    send(*open_queue(queue), argument)
else:
    receive(*open_queue(queue), int(argument))
