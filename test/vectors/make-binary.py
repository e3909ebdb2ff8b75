"""Writes binary.json: values as Apache Thrift's own Python library puts them on the wire.

    pip install thrift==0.24.0 && python make-binary.py > binary.json

Each vector is a struct with the one field `1: <type> v`. i64 stands as a decimal string, binary as hex, a set as a list,
a map as a list of pairs.
"""
import json
import uuid

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.Thrift import TMessageType, TType
from thrift.transport.TTransport import TMemoryBuffer

PLAIN = {
    'bool': (TType.BOOL, 'writeBool', bool),
    'i8': (TType.BYTE, 'writeByte', int),
    'i16': (TType.I16, 'writeI16', int),
    'i32': (TType.I32, 'writeI32', int),
    'i64': (TType.I64, 'writeI64', int),
    'double': (TType.DOUBLE, 'writeDouble', float),
    'string': (TType.STRING, 'writeString', str),
    'binary': (TType.STRING, 'writeBinary', bytes.fromhex),
    'uuid': (TType.UUID, 'writeUuid', uuid.UUID),
}


def parts(kind):
    """'map<a,b>' -> ('map', ['a', 'b']), the comma at depth 0."""
    name, inner = kind[:-1].split('<', 1)
    depth, out = 0, ['']
    for char in inner:
        depth += (char == '<') - (char == '>')
        if char == ',' and depth == 0:
            out.append('')
        else:
            out[-1] += char
    return name, out


def tag(kind):
    return PLAIN[kind][0] if kind in PLAIN else {'list': TType.LIST, 'set': TType.SET, 'map': TType.MAP}[parts(kind)[0]]


def write(proto, kind, value):
    if kind in PLAIN:
        _, method, convert = PLAIN[kind]
        return getattr(proto, method)(convert(value))
    name, inner = parts(kind)
    if name == 'map':
        proto.writeMapBegin(tag(inner[0]), tag(inner[1]), len(value))
        for key, item in value:
            write(proto, inner[0], key)
            write(proto, inner[1], item)
        return proto.writeMapEnd()
    (proto.writeListBegin if name == 'list' else proto.writeSetBegin)(tag(inner[0]), len(value))
    for item in value:
        write(proto, inner[0], item)
    return proto.writeListEnd() if name == 'list' else proto.writeSetEnd()


def struct(kind, value, message=None):
    buffer = TMemoryBuffer()
    proto = TBinaryProtocol(buffer, strictWrite=message != 'old')
    if message:
        proto.writeMessageBegin('call', TMessageType.ONEWAY, 7)
    proto.writeStructBegin('S')
    proto.writeFieldBegin('v', tag(kind), 1)
    write(proto, kind, value)
    proto.writeFieldEnd()
    proto.writeFieldStop()
    proto.writeStructEnd()
    if message:
        proto.writeMessageEnd()
    return buffer.getvalue().hex()


VALUES = [
    ('bool', True), ('bool', False),
    ('i8', -128), ('i8', 127),
    ('i16', -32768), ('i16', 32767),
    ('i32', -2147483648), ('i32', 2147483647),
    ('i64', '-9223372036854775808'), ('i64', '9223372036854775807'), ('i64', '-4294967297'),
    ('double', -0.0), ('double', 5e-324), ('double', 1.7976931348623157e308), ('double', 2.0 ** -29), ('double', 2.0 ** -39),
    ('double', 0.1),
    ('string', ''), ('string', 'plain'), ('string', 'ä€𝄞'), ('string', 'long ' * 30),
    ('binary', ''), ('binary', '00ff80'),
    ('uuid', '00112233-4455-6677-8899-aabbccddeeff'), ('uuid', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
    ('list<bool>', [True, False, True]), ('list<i64>', ['1', '-1']), ('list<string>', []), ('list<list<i8>>', [[1], [], [2, 3]]),
    ('set<i32>', [1, 2, 3]), ('set<uuid>', ['00000000-0000-0000-0000-000000000000']),
    ('map<string,i32>', [['a', 1], ['b', 2]]), ('map<i64,bool>', [['12', True]]),
    ('map<i16,map<string,list<double>>>', [[5, [['x', [0.5, -0.5]]]]]),
]

print(json.dumps({
    'source': 'Apache Thrift 0.24.0, Python library',
    'structs': [{'type': kind, 'value': value, 'hex': struct(kind, value)} for kind, value in VALUES],
    'messages': [
        {'header': header, 'name': 'call', 'type': 4, 'seqid': 7, 'hex': struct('i32', 5, header)}
        for header in ('strict', 'old')
    ],
}, indent=1, ensure_ascii=False))
