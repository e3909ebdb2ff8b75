"""Reads calls with Apache Thrift's Python protocols, for comparison.

First line in: the contract as JSON. Then a line each: protocol, blank, base64. A line out for each: {"ok", "calls" or "error", "notes"}.

The structs are read as generated code reads them: a field of an unexpected type is skipped, elements are read as what the IDL says.
If that code, or the protocol under it (noting.py), accepts input that the IDL or the protocol's specification forbids, the peer adds a
note.
"""
import base64
import json
import re
import struct
import sys

from noting import Bytes, PROTOCOLS, notes
from thrift.Thrift import TType

TAGS = {
    'bool': TType.BOOL, 'i8': TType.BYTE, 'i16': TType.I16, 'i32': TType.I32, 'i64': TType.I64, 'double': TType.DOUBLE,
    'string': TType.STRING, 'binary': TType.STRING, 'uuid': TType.UUID, 'list': TType.LIST, 'set': TType.SET, 'map': TType.MAP,
    'struct': TType.STRUCT,
}
INTEGERS = {'i8': 'readByte', 'i16': 'readI16', 'i32': 'readI32', 'i64': 'readI64'}
# 0.0 and -0.0 are one key of a dict and of a Map; NaN is no other's equal in a dict, but is in a Map.
ODD_KEYS = ('NaN', '0000000000000000', '8000000000000000')


class Reader:
    """Reads calls of one contract from one protocol, and counts what our limits count."""

    def __init__(self, contract, protocol):
        self.contract, self.protocol, self.values = contract, protocol, 0

    def call(self):
        name, kind, seqid = self.protocol.readMessageBegin()
        fields = self.contract['methods'].get(name)
        if kind not in (1, 4):
            notes.add('message-type')
        if not all(-2 ** 31 <= number < 2 ** 31 for number in (kind, seqid)):
            notes.add('integer-range')
        if fields is None:
            raise KeyError(f'unknown method {name!r}')
        self.values = 0
        args = self.struct({'union': False, 'fields': fields})
        self.protocol.readMessageEnd()
        return [name, seqid, args]

    def enter(self, values):
        self.values += values
        if self.values > 100_000:
            notes.add('elements')

    def struct(self, declared):
        protocol, found = self.protocol, {}
        self.enter(1)
        protocol.increment_recursion_depth()
        protocol.readStructBegin()
        fields = {field['id']: field for field in declared['fields']}
        while True:
            _, tag, number = protocol.readFieldBegin()
            if tag == TType.STOP:
                break
            field = fields.get(number)
            if field is None:
                notes.add('unknown-field')
                protocol.skip(tag)
            elif tag != TAGS[kind(field['type'])]:
                notes.add('field-type')
                protocol.skip(tag)
            else:
                if field['name'] in found:
                    notes.add('duplicate-field')
                found[field['name']] = self.value(field['type'])
            protocol.readFieldEnd()
        protocol.readStructEnd()
        protocol.decrement_recursion_depth()
        if any(field['required'] and field['name'] not in found for field in declared['fields']):
            notes.add('missing-required')
        if declared['union'] and len(found) != 1:
            notes.add('union-members')
        return {field['name']: found[field['name']] for field in sorted(declared['fields'], key=lambda f: f['id']) if field['name'] in found}

    def value(self, type):
        protocol, name = self.protocol, kind(type)
        if name == 'struct':
            return self.struct(self.contract['structs'][type[1]])
        if name in ('list', 'set', 'map'):
            return self.container(name, type[1:])
        if name in INTEGERS:
            value = getattr(protocol, INTEGERS[name])()
            return str(value) if name == 'i64' else value
        if name == 'bool':
            return protocol.readBool()
        if name == 'double':
            value = protocol.readDouble()
            return 'NaN' if value != value else struct.pack('!d', value).hex()
        if name == 'string':
            return protocol.readString()
        if name == 'binary':
            return protocol.readBinary().hex()
        return str(protocol.readUuid())

    def container(self, name, types):
        protocol = self.protocol
        *tags, size = getattr(protocol, f'read{name.capitalize()}Begin')()
        if size > 0 and tags != [TAGS[kind(type)] for type in types]:
            notes.add('element-type')
        if size < 0:
            notes.add('negative-size')
        self.enter(1 + size * sum(kind(type) not in ('struct', 'list', 'set', 'map') for type in types))
        items = []
        for _ in range(size):
            items.append([self.value(type) for type in types])
        getattr(protocol, f'read{name.capitalize()}End')()
        if name == 'list':
            return [item for item, in items]
        if name == 'set':
            return in_order({json.dumps(item): item for item, in items}.values())
        if types[0] == 'double' and any(key in ODD_KEYS for key, _ in items):
            notes.add('double-key')
        return in_order({json.dumps(key): [key, item] for key, item in items}.values())


def in_order(items):
    return sorted(items, key=lambda item: json.dumps(item, ensure_ascii=False, separators=(',', ':')).encode())


def kind(type):
    return type if isinstance(type, str) else type[0]


def outcome(contract, line):
    name, text = line.split(' ')
    transport = Bytes(base64.b64decode(text))
    notes.clear()
    if name == 'json' and re.search(rb'[ \t\r\n]', re.sub(rb'"([^"\\]|\\.)*"', b'', transport.data, flags=re.DOTALL)):
        notes.add('json-blanks')
    calls = []
    try:
        reader = Reader(contract, PROTOCOLS[name](transport))
        while True:
            calls.append(reader.call())
            if transport.left == 0:
                break
        answer = {'ok': True, 'calls': calls}
    except (Exception, RecursionError) as error:
        answer = {'ok': False, 'error': f'{type(error).__name__}: {error}'[:200]}
    return {**answer, 'notes': sorted(notes)}


CONTRACT = json.loads(sys.stdin.readline())
for request in sys.stdin:
    print(json.dumps(outcome(CONTRACT, request.rstrip('\n')), separators=(',', ':')), flush=request.endswith('\n'))
