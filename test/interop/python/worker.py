"""Handles calls with the processors of the Apache compiler: worker.py QUEUE COUNT [--multiplexed]

Prints one line of JSON for each handled call and ends after COUNT of them.
"""
import base64
import json
import sys

from backup import BackupQueue, BackupReports
from queues import open_queue
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.TMultiplexedProcessor import TMultiplexedProcessor
from thrift.transport.TTransport import TMemoryBuffer


class Handler:
    """Of both services. i64 are printed as text: JSON readers round large numbers."""

    def __init__(self):
        self.handled = 0

    def startBackup(self, request):
        folders = request.excludedFolders
        self.tell("startBackup", request, requestedAt=str(request.requestedAt),
                  excludedFolders=None if folders is None else sorted(folders))

    def progress(self, progress):
        self.tell("progress", progress, bytesDone=str(progress.bytesDone))

    def tell(self, method, struct, **texts):
        self.handled += 1
        print(json.dumps({"method": method, "args": {**vars(struct), **texts}}), flush=True)


def create_processor(handler, multiplexed):
    if not multiplexed:
        return BackupQueue.Processor(handler)
    processor = TMultiplexedProcessor()
    processor.registerProcessor("BackupQueue", BackupQueue.Processor(handler))
    processor.registerProcessor("BackupReports", BackupReports.Processor(handler))
    return processor


handler = Handler()
processor = create_processor(handler, "--multiplexed" in sys.argv)
sqs, url = open_queue(sys.argv[1])
while handler.handled < int(sys.argv[2]):
    for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=10).get("Messages", []):
        body = base64.b64decode(message["Body"], validate=True)
        buffer = TMemoryBuffer(body)
        protocol = TBinaryProtocol(buffer)
        while buffer.cstringio_buf.tell() < len(body):
            processor.process(protocol, protocol)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
