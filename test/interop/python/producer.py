"""Emits calls with the stubs of the Apache compiler: producer.py QUEUE SERVICE [--multiplexed]

Each line of standard input is one message: a JSON list of the arguments of its calls. Several calls of one message stand back to back
in one buffer, as Thrift clients write them.
"""
import base64
import json
import sys

from backup import BackupQueue, BackupReports
from backup.ttypes import BackupProgress, BackupRequest
from queues import open_queue
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TMultiplexedProtocol import TMultiplexedProtocol
from thrift.transport.TTransport import TMemoryBuffer


def start_backup(protocol, arguments):
    request = BackupRequest(**arguments)
    request.requestedAt = int(request.requestedAt)
    if request.excludedFolders is not None:
        request.excludedFolders = set(request.excludedFolders)
    BackupQueue.Client(protocol).startBackup(request)


def progress(protocol, arguments):
    report = BackupProgress(**arguments)
    report.bytesDone = int(report.bytesDone)
    BackupReports.Client(protocol).progress(report)


queue, service = sys.argv[1:3]
emit = {"BackupQueue": start_backup, "BackupReports": progress}[service]
sqs, url = open_queue(queue)
for line in sys.stdin:
    buffer = TMemoryBuffer()
    protocol = TBinaryProtocol(buffer)
    if "--multiplexed" in sys.argv:
        protocol = TMultiplexedProtocol(protocol, service)
    for arguments in json.loads(line):
        emit(protocol, arguments)
    sqs.send_message(QueueUrl=url, MessageBody=base64.b64encode(buffer.getvalue()).decode())
