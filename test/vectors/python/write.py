"""Prints the vectors as Apache Thrift's Python library writes them. Arguments: the generated code's folder, cases.json."""
import importlib.metadata
import json
import sys

from tagged import value
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


def structs(name):
    return getattr(ttypes, name)


def write(case, protocol, multiplexed=False):
    buffer = TMemoryBuffer()
    out = PROTOCOLS[protocol](buffer)
    client = Vectors.Client(TMultiplexedProtocol(out, 'Vectors') if multiplexed else out)
    getattr(client, case['method'])(**{name: value(item, structs) for name, item in case['args'].items()})
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
