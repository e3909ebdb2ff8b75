"""Asks for backups through one client, of which one cannot be written, in each protocol: failing_calls.py QUEUE

Prints a line for each call that failed. The first is of a client that writes to the transport as its protocol does, in pieces.
"""
import sys

from backup import BackupQueue
from backup.ttypes import BackupRequest
from sqs_transport import TSqsTransport
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.transport.TTransport import TMemoryBuffer
from whole_calls import WholeCalls


def ask(client, *users):
    for user in users:
        # Of a folder that is a number half of the call has been written when it fails.
        folders = {1} if user.endswith("bad") else None
        try:
            client.startBackup(BackupRequest(id="b-1", userId=user, requestedAt=1, excludedFolders=folders))
        except Exception:
            print(f"{user} failed")


transport = TSqsTransport(sys.argv[1])
transport.open()
ask(BackupQueue.Client(TBinaryProtocol(transport)), "in pieces")
for name, protocol in {"binary": TBinaryProtocol, "compact": TCompactProtocol, "json": TJSONProtocol}.items():
    ask(WholeCalls(BackupQueue.Client, protocol, transport), f"{name}-1", f"{name}-bad", f"{name}-2")
    gathered = TMemoryBuffer()
    ask(WholeCalls(BackupQueue.Client, protocol, gathered), f"{name}-packed-1", f"{name}-packed-bad", f"{name}-packed-2")
    transport.write(gathered.getvalue())
    transport.flush()
