"""Python's side of the carriers' matrix: carrier_peer.py PLAN

Opens the servers of the plan and prints their ports, then makes the calls of the plan. Prints a line for each call that came and for each
failure. On the line `end` of its input, it checks that no server answered a call, and ends.
"""
import io
import json
import logging
import os
import socket
import ssl
import sys
import threading

import thrifttest.ttypes
import vectors.ttypes
from crazynesting import CrazyNestingTest, ttypes
from plain import plain
from tagged import value
from thrift.protocol.TBinaryProtocol import TBinaryProtocolFactory
from thrift.protocol.TCompactProtocol import TCompactProtocolFactory
from thrift.protocol.TJSONProtocol import TJSONProtocolFactory
from thrift.server.THttpServer import THttpServer
from thrift.server.TServer import TThreadedServer
from thrift.transport.THttpClient import THttpClient
from thrift.transport.TSocket import TServerSocket, TSocket
from thrift.transport.TSSLSocket import TSSLServerSocket, TSSLSocket
from thrift.transport.TTransport import (TBufferedTransport, TBufferedTransportFactory, TFramedTransport, TFramedTransportFactory,
                                         TTransportException)

HOST = '127.0.0.1'
PROTOCOLS = {'binary': TBinaryProtocolFactory(), 'compact': TCompactProtocolFactory(), 'json': TJSONProtocolFactory()}
WRAPPERS = {'raw': lambda end: end, 'buffered': TBufferedTransport, 'framed': TFramedTransport, 'tls': TFramedTransport}

printing = threading.Lock()


def say(**what):
    with printing:
        print(json.dumps(what), flush=True)


def structs(name):
    return next(getattr(module, name) for module in (vectors.ttypes, thrifttest.ttypes, ttypes) if hasattr(module, name))


class Counter:
    """Numbers the messages of a server."""

    def __init__(self):
        self.count = 0
        self.lock = threading.Lock()

    def next(self):
        with self.lock:
            self.count += 1
            return self.count


class Handler:
    """Prints the arguments of every method."""

    def __init__(self, cell, counter):
        self.cell = cell
        self.counter = counter

    def __getattr__(self, method):
        def handle(*args):
            about = {'queue': self.cell['queue'], 'body': self.counter.next(), 'protocol': self.cell['protocol']}
            say(**about, method=method, args=[plain(arg) for arg in args])

        return handle


class NotingProcessor(CrazyNestingTest.Processor):
    """Prints what it cannot read, and fails with it as the official processor does."""

    def __init__(self, cell):
        self.counter = Counter()
        self.cell = cell
        super().__init__(Handler(cell, self.counter))

    def process(self, iprot, oprot):
        try:
            return super().process(iprot, oprot)
        except Exception as problem:
            # A client that hangs up between two messages is no failure.
            if not (isinstance(problem, TTransportException) and problem.type == TTransportException.END_OF_FILE):
                say(queue=self.cell['queue'], body=self.counter.next(), error=f'{type(problem).__name__}: {problem}')
            raise


def listening(kind, *args, **kwargs):
    """Creates a server socket that knows when it listens."""

    class Listening(kind):
        ready = threading.Event()

        def listen(self):
            super().listen()
            self.ready.set()

    return Listening(*args, **kwargs)


def server_context(tls):
    """The context that TSSLServerSocket makes itself wants the host name of each client if it wants their certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls['certificate'], tls['key'])
    context.load_verify_locations(tls['certificate'])
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def serve(cell, tls):
    """Starts a server and returns its port."""
    protocol, processor = PROTOCOLS[cell['protocol']], NotingProcessor(cell)
    if cell['transport'] == 'http':
        server = THttpServer(processor, (HOST, 0), protocol)
        threading.Thread(target=server.serve, daemon=True).start()
        return server.httpd.server_address[1]
    if cell['transport'] == 'tls':
        listener = listening(TSSLServerSocket, HOST, 0, ssl_context=server_context(tls), validate_callback=lambda *_: None)
    else:
        listener = listening(TServerSocket, HOST, 0)
    transports = TBufferedTransportFactory() if cell['transport'] == 'unframed' else TFramedTransportFactory()
    server = TThreadedServer(processor, listener, transports, protocol, daemon=True)
    threading.Thread(target=server.serve, daemon=True).start()
    listener.ready.wait()
    return listener.handle.getsockname()[1]


def socket_of(cell, tls):
    if cell['transport'] != 'tls':
        return TSocket(HOST, cell['port'])
    return TSSLSocket(HOST, cell['port'], cert_reqs=ssl.CERT_REQUIRED, ca_certs=tls['certificate'],
                      certfile=tls['certificate'], keyfile=tls['key'])


def connect(cell, tls):
    """Returns the transport of a client, and the function that finds what the server has answered."""
    if cell['transport'] == 'http':
        return THttpClient(f'http://{HOST}:{cell["port"]}/thrift'), lambda: b''
    end = socket_of(cell, tls)
    transport = WRAPPERS[cell['transport']](end)
    transport.open()
    return transport, lambda: hang_up(end.handle)


def hang_up(handle):
    """Ends the direction to the server and returns all that comes before the server does the same."""
    if isinstance(handle, ssl.SSLSocket):
        # Fails if data of the application is left.
        handle.unwrap()
        return b''
    handle.shutdown(socket.SHUT_WR)
    left = b''
    while chunk := handle.recv(1024):
        left += chunk
    return left


def call(cell, transport, one):
    args = {name: value(tagged, structs) for name, tagged in one['args'].items()}
    getattr(CrazyNestingTest.Client(PROTOCOLS[cell['protocol']].getProtocol(transport)), one['method'])(**args)
    if cell['transport'] == 'http':
        body = transport.read(1024)
        if transport.code != 200 or body != b'':
            raise ValueError(f'answered with {transport.code} and {len(body)} bytes')


def produce(cell, plan):
    """Makes the calls of a cell, those of one list over one connection. Returns the connections."""
    for connection in cell['connections']:
        transport, answered = connect(cell, plan['tls'])
        for position in connection:
            try:
                call(cell, transport, plan['calls'][position])
            except Exception as problem:
                say(queue=cell['queue'], body=position, error=f'not sent: {type(problem).__name__}: {problem}')
        yield cell, answered


# The libraries log the failures that are printed anyway.
logging.disable(logging.CRITICAL)
# THttpServer logs each request.
log, sys.stderr = sys.stderr, io.StringIO()
try:
    with open(sys.argv[1], encoding='utf-8') as file:
        plan = json.load(file)
    say(ports={cell['queue']: serve(cell, plan['tls']) for cell in plan['servers']})
    connections = [made for cell in plan['clients'] for made in produce(cell, plan)]
    if sys.stdin.readline().strip() != 'end':
        raise SystemExit('the input ended early')
    for cell, answered in connections:
        try:
            if left := answered():
                say(queue=cell['queue'], body='answer', error=f'answered with {len(left)} bytes')
        except Exception as problem:
            say(queue=cell['queue'], body='answer', error=f'the connection failed: {problem}')
except BaseException:
    sys.stderr = log
    raise
# The threads of the servers would wait for their clients.
os._exit(0)
