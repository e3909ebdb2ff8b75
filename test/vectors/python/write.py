"""Prints the vectors as Apache Thrift's Python library writes them. Arguments: the generated code's folder, cases.json."""
import importlib.metadata
import json
import struct
import sys
import uuid

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.protocol.TMultiplexedProtocol import TMultiplexedProtocol
from thrift.transport.TTransport import TMemoryBuffer

sys.path.insert(0, sys.argv[1])
from vectors import Vectors, ttypes  # noqa: E402

PROTOCOLS = {
    'binary': TBinaryProtocol,
    'old-binary': lambda transport: TBinaryProtocol(transport, strictWrite=False),
    'compact': TCompactProtocol,
    'json': TJSONProtocol,
}


def value(tagged):
    kind, data = tagged[0], tagged[1]
    if kind == 'i64':
        return int(data)
    if kind == 'double':
        return struct.unpack('!d', bytes.fromhex(data))[0]
    if kind == 'binary':
        return bytes.fromhex(data)
    if kind == 'uuid':
        return uuid.UUID(data)
    if kind == 'list':
        return [value(item) for item in data]
    if kind == 'set':
        return {value(item) for item in data}
    if kind == 'map':
        return {value(key): value(item) for key, item in data}
    if kind == 'struct':
        return getattr(ttypes, tagged[2])(**{name: value(item) for name, item in data.items()})
    return data


def write(case, protocol, multiplexed=False):
    buffer = TMemoryBuffer()
    out = PROTOCOLS[protocol](buffer)
    client = Vectors.Client(TMultiplexedProtocol(out, 'Vectors') if multiplexed else out)
    getattr(client, case['method'])(**{name: value(item) for name, item in case['args'].items()})
    return buffer.getvalue().hex()


with open(sys.argv[2], encoding='utf-8') as file:
    cases = json.load(file)
first = cases[0]
print(json.dumps({
    'runtime': f"Apache Thrift {importlib.metadata.version('thrift')}, Python",
    'calls': {case['name']: {p: write(case, p) for p in ('binary', 'compact', 'json')} for case in cases},
    'oldBinary': write(first, 'old-binary'),
    'multiplexed': {p: write(first, p, True) for p in ('binary', 'compact', 'json')},
}))
