"""Creates clients whose calls reach their transport completely or not at all."""
from thrift.transport.TTransport import TMemoryBuffer


class WholeCalls:
    """Creates a client of a service, which may be kept.

    A write fails halfway if, for example, a required field is missing. The rest in the buffer of the transport and in the state of the
    protocol would spoil the next call. So each call has its own buffer, protocol and generated client.
    """

    def __init__(self, client, protocol, transport):
        """`client` is the generated class. `protocol` returns the protocol that writes to a transport."""
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
