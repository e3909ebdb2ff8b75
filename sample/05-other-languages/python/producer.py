"""Asks for a backup of each user: producer.py [--protocol compact] [--packed] [--multiplexed] [--without cache,tmp] QUEUE USER...

Prints the id of each backup once SQS has stored the request for it.
"""
import argparse
import time
import uuid

from backup import BackupQueue
from backup.ttypes import BackupRequest
from sqs_transport import TSqsTransport
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.protocol.TMultiplexedProtocol import TMultiplexedProtocol
from thrift.transport.TTransport import TMemoryBuffer
from whole_calls import WholeCalls

PROTOCOLS = {"binary": TBinaryProtocol, "compact": TCompactProtocol, "json": TJSONProtocol}


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--protocol", choices=PROTOCOLS, default="binary")
    parser.add_argument("--packed", action="store_true", help="all requests in one message")
    parser.add_argument("--multiplexed", action="store_true", help="name the service in each call")
    parser.add_argument("--without", type=lambda text: set(text.split(",")), help="folders to leave out")
    parser.add_argument("queue")
    parser.add_argument("users", nargs="+")
    return parser.parse_args()


def main():
    options = parse_arguments()
    transport = TSqsTransport(options.queue)
    transport.open()
    # A client flushes after each call, which sends the call. Gather calls that share a message first.
    gathered = TMemoryBuffer()

    def protocol(buffer):
        plain = PROTOCOLS[options.protocol](buffer)
        return TMultiplexedProtocol(plain, "BackupQueue") if options.multiplexed else plain

    client = WholeCalls(BackupQueue.Client, protocol, gathered if options.packed else transport)
    ids = []
    for user in options.users:
        ids.append(str(uuid.uuid4()))
        now = time.time_ns() // 1_000_000
        client.startBackup(BackupRequest(id=ids[-1], userId=user, requestedAt=now, excludedFolders=options.without))
        if not options.packed:
            print(ids[-1], flush=True)
    if options.packed:
        transport.write(gathered.getvalue())
        transport.flush()
        print(*ids, sep="\n")


if __name__ == "__main__":
    main()
