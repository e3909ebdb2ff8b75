"""Values of cases.json as what code of the Apache compiler takes."""
import struct
import uuid

from thrift.Thrift import TFrozenDict


def value(tagged, structs, hashed=False):
    """What a tagged value stands for; `structs` gives the class of a struct by its name, `hashed` is for elements of sets and keys of maps."""
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
        return (tuple if hashed else list)(value(item, structs, hashed) for item in data)
    if kind == 'set':
        return (frozenset if hashed else set)(value(item, structs, True) for item in data)
    if kind == 'map':
        return (TFrozenDict if hashed else dict)((value(key, structs, True), value(item, structs, hashed)) for key, item in data)
    if kind == 'struct':
        return structs(tagged[2])(**{name: value(item, structs, hashed) for name, item in data.items()})
    return data
