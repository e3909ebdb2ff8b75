"""Python's side of the matrix: peer.py produce PLAN, or peer.py consume PLAN, which writes a line for each call into the plan's file."""
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


def write(call, protocol):
    args = {name: value(tagged, structs) for name, tagged in call['args'].items()}
    getattr(CrazyNestingTest.Client(protocol), call['method'])(**args)


def produce(queue, protocol, bodies):
    """A client flushes after each call. What shares a body is therefore gathered in a buffer, and flushed as one."""
    transport = open_queue(queue)
    for body in bodies:
        if len(body) == 1:
            write(plan['calls'][body[0]], PROTOCOLS[protocol](transport))
            continue
        buffer = TMemoryBuffer()
        for number in body:
            write(plan['calls'][number], PROTOCOLS[protocol](buffer))
        transport.write(buffer.getvalue())
        transport.flush()
    transport.close()


def consume(queue, out):
    transport = open_queue(queue)
    body = 0
    while transport.receive():
        handler, error = Handler(), None
        note = {'queue': queue, 'body': body}
        try:
            protocol = protocol_of(transport)
            note['protocol'] = next(name for name in PROTOCOLS if PROTOCOLS[name] is type(protocol))
            processor = CrazyNestingTest.Processor(handler)
            while transport.has_more():
                processor.process(protocol, protocol)
        except Exception as problem:
            error = f'{type(problem).__name__}: {problem}'
        for method, args in handler.calls:
            print(json.dumps({**note, 'method': method, 'args': [plain(arg) for arg in args]}), file=out)
        if error is not None:
            print(json.dumps({**note, 'error': error}), file=out)
        # Also what could not be read: nothing may be left at the end.
        transport.done()
        body += 1
    transport.close()


with open(sys.argv[2], encoding='utf-8') as file:
    plan = json.load(file)
sqs = boto3.client('sqs', region_name=os.environ['AWS_REGION'])
if sys.argv[1] == 'produce':
    for cell in plan['produce']:
        produce(cell['queue'], cell['protocol'], cell['bodies'])
else:
    with open(plan['received'], 'w', encoding='utf-8') as out:
        for queue in plan['consume']:
            consume(queue, out)
