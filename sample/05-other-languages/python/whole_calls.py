"""Clients whose calls reach their transport as a whole or not at all."""
from thrift.transport.TTransport import TMemoryBuffer


class WholeCalls:
    """A client of a service, to keep for as long as one likes.

    A call that cannot be written, because a required field is missing say, fails in the middle. What it left in the buffer of the transport
    and in the state of the protocol would spoil the next call, so each call has a buffer, a protocol and a generated client of its own.
    """

    def __init__(self, client, protocol, transport):
        """`client` is the generated class; `protocol` gives the protocol that writes to a transport."""
        self._client = client
        self._protocol = protocol
        self._transport = transport

    def __getattr__(self, method):
        def call(*args, **kwargs):
            buffer = TMemoryBuffer()
            getattr(self._client(self._protocol(buffer)), method)(*args, **kwargs)
            self._transport.write(buffer.getvalue())
            self._transport.flush()

        return call
