"""What a handler was called with as JSON that every language can make of its values."""
import struct
import uuid


def plain(value):
    """Integers as decimal text, doubles as their bits in hex or NaN, binary as hex, sets as lists, maps as lists of pairs; fields that came."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return 'NaN' if value != value else struct.pack('!d', value).hex()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return [[plain(key), plain(item)] for key, item in value.items()]
    return {name: plain(field) for name, field in vars(value).items() if field is not None}
