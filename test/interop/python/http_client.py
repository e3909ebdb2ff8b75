"""Calls startBackup over HTTP with the stubs of the Apache compiler: http_client.py URL PROTOCOL COUNT

Prints the status of each answer.
"""
import sys

from backup import BackupQueue
from backup.ttypes import BackupRequest
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.transport.THttpClient import THttpClient

url, protocol, count = sys.argv[1:4]
transport = THttpClient(url)
transport.open()
client = BackupQueue.Client({"binary": TBinaryProtocol, "compact": TCompactProtocol, "json": TJSONProtocol}[protocol](transport))
for number in range(int(count)):
    client.startBackup(BackupRequest(id=f"b-{number}", userId="alice", requestedAt=number))
    print(transport.code, flush=True)
transport.close()
