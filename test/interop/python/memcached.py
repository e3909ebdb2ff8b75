"""Uses a queue of Starling or Kestrel with a stock memcached client:

memcached.py CLIENT PORT send QUEUE < requests    one call of startBackup for each line of JSON
memcached.py CLIENT PORT take QUEUE COUNT         prints the ids of the requests that it took
memcached.py CLIENT PORT open QUEUE COUNT         the same with /open and /close, so that nothing is lost

CLIENT is pymemcache or python-memcached.
"""
import json
import sys
import time

from backup import BackupQueue
from backup.ttypes import BackupRequest
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TTransport import TMemoryBuffer

kind, port, verb, queue = sys.argv[1:5]

if kind == "pymemcache":
    from pymemcache.client.base import Client

    # By default its set says noreply, which these servers answer nevertheless.
    client = Client(("127.0.0.1", int(port)), default_noreply=False)
else:
    import memcache

    client = memcache.Client(["127.0.0.1:" + port])


def encode(arguments):
    buffer = TMemoryBuffer()
    request = BackupRequest(**arguments)
    request.requestedAt = int(request.requestedAt)
    BackupQueue.Client(TBinaryProtocol(buffer)).startBackup(request)
    return buffer.getvalue()


def decode(body):
    protocol = TBinaryProtocol(TMemoryBuffer(body))
    name, kind, seqid = protocol.readMessageBegin()
    arguments = BackupQueue.startBackup_args()
    arguments.read(protocol)
    return arguments.request.id


def take(key):
    body = client.get(key)
    while body is None:
        time.sleep(0.01)
        body = client.get(key)
    return body


if verb == "send":
    for line in sys.stdin:
        if not client.set(queue, encode(json.loads(line))):
            sys.exit("the server did not store an item")
else:
    for _ in range(int(sys.argv[5])):
        print(decode(take(queue + "/open" if verb == "open" else queue)))
        if verb == "open":
            client.get(queue + "/close")
