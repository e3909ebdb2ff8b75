"""Python's side of the matrix: peer.py produce|consume PLAN

Writes a line into the plan's file for each call that came and for each message that could not be sent or read.
"""
import json
import os
import sys

import boto3
import thrifttest.ttypes
import vectors.ttypes
from crazynesting import CrazyNestingTest, ttypes
from plain import plain
from sqs_transport import TSqsTransport, protocol_of
from tagged import value
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.transport.TTransport import TMemoryBuffer
from whole_calls import WholeCalls

PROTOCOLS = {'binary': TBinaryProtocol, 'compact': TCompactProtocol, 'json': TJSONProtocol}


class Handler:
    """Notes the arguments of every method."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, method):
        return lambda *args: self.calls.append((method, args))


def open_queue(queue):
    transport = TSqsTransport(queue, sqs, wait_seconds=0)
    transport.open()
    return transport


def structs(name):
    return next(getattr(module, name) for module in (vectors.ttypes, thrifttest.ttypes, ttypes) if hasattr(module, name))


def write(call, protocol, transport):
    args = {name: value(tagged, structs) for name, tagged in call['args'].items()}
    getattr(WholeCalls(CrazyNestingTest.Client, protocol, transport), call['method'])(**args)


def produce(cell, out):
    transport = open_queue(cell['queue'])
    for number, body in enumerate(cell['bodies']):
        try:
            send(transport, PROTOCOLS[cell['protocol']], [plan['calls'][position] for position in body])
        except Exception as problem:
            note(out, queue=cell['queue'], body=number, error=f'not sent: {type(problem).__name__}: {problem}')
    transport.close()


def send(transport, protocol, calls):
    """A client flushes after each call. What shares a body is therefore gathered in a buffer, and flushed as one."""
    if len(calls) == 1:
        write(calls[0], protocol, transport)
        return
    buffer = TMemoryBuffer()
    for call in calls:
        write(call, protocol, buffer)
    transport.write(buffer.getvalue())
    transport.flush()


def consume(queue, out):
    transport = open_queue(queue)
    body = 0
    while transport.receive():
        handler, error = Handler(), None
        about = {'queue': queue, 'body': body}
        try:
            protocol = protocol_of(transport)
            about['protocol'] = next(name for name in PROTOCOLS if PROTOCOLS[name] is type(protocol))
            processor = CrazyNestingTest.Processor(handler)
            while transport.has_more():
                processor.process(protocol, protocol)
        except Exception as problem:
            error = f'{type(problem).__name__}: {problem}'
        for method, args in handler.calls:
            note(out, **about, method=method, args=[plain(arg) for arg in args])
        if error is not None:
            note(out, **about, error=error)
        # Also what could not be read: nothing may be left at the end.
        transport.done()
        body += 1
    transport.close()


def note(out, **what):
    print(json.dumps(what), file=out)


with open(sys.argv[2], encoding='utf-8') as file:
    plan = json.load(file)
sqs = boto3.client('sqs', region_name=os.environ['AWS_REGION'])
with open(plan['notes'], 'w', encoding='utf-8') as notes:
    if sys.argv[1] == 'produce':
        for cell in plan['produce']:
            produce(cell, notes)
    else:
        for queue in plan['consume']:
            consume(queue, notes)
