"""Apache Thrift's Python protocols, configured as strictly as they can be, which note what they let pass all the same.

What is read is not changed by it.
"""
import base64
import json
import re

from thrift.protocol import TCompactProtocol as compact
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.transport.TTransport import TTransportBase

UUID = re.compile(r'[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}')
JSON_NUMBER = re.compile(r'-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?')
MOST_STRING = 16 * 1024 * 1024
notes = set()


class Bytes(TTransportBase):
    """A buffer that ends with an error. TMemoryBuffer gives no bytes for ever, on which TJSONProtocol's number reader spins."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def isOpen(self):
        return True

    def read(self, size):
        if self.at >= len(self.data):
            raise EOFError('at the end')
        piece = self.data[self.at:self.at + size]
        self.at += len(piece)
        return piece

    def readAll(self, size):
        if size > len(self.data) - self.at:
            raise EOFError('past the end')
        return self.read(size) if size else b''

    @property
    def left(self):
        return len(self.data) - self.at


def noting_range(bits):
    """A method of a protocol that reads an integer and notes when it has more bits than its type."""
    name = 'readByte' if bits == 8 else f'readI{bits}'

    def read(self):
        value = getattr(super(type(self), self), name)()
        if not -2 ** (bits - 1) <= value < 2 ** (bits - 1):
            notes.add('integer-range')
        return value
    return read


def noting_id(field):
    if not -32768 <= field[2] <= 32767:
        notes.add('field-id')
    return field


def noting_varint(trans):
    """The library's function, which notes bytes that say nothing: those a writer never puts on the wire."""
    start = trans.at
    value = plain_varint(trans)
    if trans.at - start > max(1, (value.bit_length() + 6) // 7):
        notes.add('padded-varint')
    return value


plain_varint = compact.readVarint
compact.readVarint = noting_varint


class NotingCompact(compact.TCompactProtocol):
    """TCompactProtocol, which notes numbers beyond their type: Python's own have no end."""

    readI16, readI32, readI64 = noting_range(16), noting_range(32), noting_range(64)

    def readFieldBegin(self):
        return noting_id(super().readFieldBegin())

    def readMessageBegin(self):
        start = self.trans.at + 2
        header = super().readMessageBegin()
        seqid = 0
        for place, byte in enumerate(self.trans.data[start:start + 10]):
            seqid |= (byte & 0x7f) << (7 * place)
            if byte < 0x80:
                break
        if seqid >= 2 ** 32:
            notes.add('integer-range')
        return header


class NotingJson(TJSONProtocol):
    """TJSONProtocol, which notes what of it is no JSON, or not as the specification has it, and yet was read."""

    readByte, readI16, readI32, readI64 = noting_range(8), noting_range(16), noting_range(32), noting_range(64)

    def readFieldBegin(self):
        return noting_id(super().readFieldBegin())

    def readJSONNumericChars(self):
        text = super().readJSONNumericChars()
        if not JSON_NUMBER.fullmatch(text):
            notes.add('json-number')
        return text

    def readJSONString(self, skipContext):
        start = self.trans.at
        text = super().readJSONString(skipContext)
        raw = self.trans.data[start:self.trans.at]
        # The opening quote, and the comma or colon before it, may have been looked ahead at.
        inside = raw.split(b'"', 1)[1] if raw[:1] in b',:"' else raw
        try:
            json.loads(b'"' + inside, strict=False)
        except ValueError:
            notes.add('json-escape')
        return text

    def readBool(self):
        number = self.readJSONInteger()
        if number not in (0, 1):
            notes.add('json-bool')
        return number != 0

    def readJSONBase64(self):
        start = self.trans.at
        value = super().readJSONBase64()
        raw = self.trans.data[start:self.trans.at].strip(b',:"').replace(b'\\/', b'/')
        padded = base64.b64encode(value)
        if raw not in (padded, padded.rstrip(b'=')):
            notes.add('json-base64')
        return value

    def readJSONDouble(self):
        start = self.trans.at
        value = super().readJSONDouble()
        # Behind a number without quotes one character has been looked ahead at.
        raw = self.trans.data[start:self.trans.at].lstrip(b',:').rstrip(b',:}] \t\r\n')
        if raw.startswith(b'"') and not self.context.escapeNum() or not re.fullmatch(rb'"?[-+.0-9eE]+"?', raw):
            notes.add('json-quoted-double')
        elif not JSON_NUMBER.fullmatch(raw.strip(b'"').decode()):
            notes.add('json-number')
        if value in (float('inf'), float('-inf')) and re.search(rb'[0-9]', raw):
            notes.add('json-double-range')
        return value

    def readUuid(self):
        start = self.trans.at
        value = super().readUuid()
        if not UUID.fullmatch(self.trans.data[start:self.trans.at].strip(b',:"').decode('latin-1')):
            notes.add('json-uuid')
        return value


PROTOCOLS = {
    'binary': lambda transport: TBinaryProtocol(transport, strictRead=True, string_length_limit=MOST_STRING),
    'compact': lambda transport: NotingCompact(transport, string_length_limit=MOST_STRING),
    'json': NotingJson,
}
