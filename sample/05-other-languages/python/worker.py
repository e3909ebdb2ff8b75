"""Handles the calls of a queue: worker.py [--reports QUEUE] [--wait SECONDS] QUEUE

SIGTERM and SIGINT end it after the call in hand, and leave a message that has more of them whole. When it has none, it ends with its long
poll, so that no message gets lost on the way.
"""
import argparse
import logging
import signal
import threading

from backup import BackupQueue, BackupReports
from backup.ttypes import BackupProgress, BackupState
from shown import Formatter, shown
from sqs_transport import TSqsTransport, protocol_of
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.TMultiplexedProcessor import TMultiplexedProcessor
from thrift.transport.TTransport import TTransportBase, TTransportException
from whole_calls import WholeCalls


class BackupHandler:
    """Of both services. Whatever it raises leaves the message in the queue, so a call may come more than once."""

    def __init__(self, reports=None):
        self._reports = reports

    def startBackup(self, request):
        # Generated code checks what is required when it writes, and not when it reads.
        request.validate()
        if not request.userId:
            raise ValueError(f"backup {request.id} is of nobody")
        folders = "-" if request.excludedFolders is None else ",".join(sorted(request.excludedFolders))
        print("startBackup", shown(request.id), shown(request.userId), request.requestedAt, shown(folders), flush=True)
        if self._reports:
            self._reports.progress(BackupProgress(id=request.id, state=BackupState.DONE, filesDone=3, filesTotal=3))

    def progress(self, progress):
        progress.validate()
        state = BackupState._VALUES_TO_NAMES.get(progress.state, progress.state)
        print("progress", shown(progress.id), state, f"{progress.filesDone}/{progress.filesTotal}", flush=True)


class Noting:
    """Around a handler: notes that a call failed. For oneway calls generated processors log that, and then return as if all were well."""

    def __init__(self, handler):
        self._handler = handler
        self.failed = False

    def __getattr__(self, method):
        def call(*args):
            try:
                # Also a method that the handler lacks is a failure: the IDL may have got it since.
                return getattr(self._handler, method)(*args)
            except Exception:
                self.failed = True
                raise

        return call


class NoAnswer(TTransportBase):
    """The output of processors. Oneway calls have no answer; one is written about a call that never reached its handler."""

    def write(self, buf):
        raise TTransportException(message="the message has a call that nothing here handles")


def create_processor(handler):
    processor = TMultiplexedProcessor()
    processor.registerProcessor("BackupQueue", BackupQueue.Processor(handler))
    processor.registerProcessor("BackupReports", BackupReports.Processor(handler))
    # For calls that do not name their service.
    processor.registerDefault(BackupQueue.Processor(handler))
    return processor


def handle_message(transport, processor, handler, stopping):
    """Handles each call of the message in hand, and removes it if all of them went well. Leaves it when the worker shall end."""
    handler.failed = False
    calls, no_answer = protocol_of(transport), TBinaryProtocol(NoAnswer())
    while transport.has_more():
        # The calls of one message can be many thousands.
        if stopping.is_set():
            transport.leave()
            return
        processor.process(calls, no_answer)
    if handler.failed:
        raise RuntimeError("a handler failed")
    transport.done()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", metavar="QUEUE", help="where to tell of each backup")
    parser.add_argument("--wait", type=int, default=20, metavar="SECONDS", help="how long a poll waits")
    parser.add_argument("queue")
    options = parser.parse_args()

    log = logging.StreamHandler()
    log.setFormatter(Formatter(logging.BASIC_FORMAT))
    logging.basicConfig(handlers=[log])
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())

    reports = None
    if options.reports:
        transport = TSqsTransport(options.reports)
        transport.open()
        reports = WholeCalls(BackupReports.Client, TBinaryProtocol, transport)
    handler = Noting(BackupHandler(reports))
    processor = create_processor(handler)
    transport = TSqsTransport(options.queue, wait_seconds=options.wait)
    transport.open()
    print("waiting for calls", flush=True)
    while not stopping.is_set():
        try:
            if transport.receive():
                handle_message(transport, processor, handler, stopping)
        except Exception:
            logging.exception("not handled")
            # Without a message in hand it was SQS that failed, and wants a pause.
            if not transport.leave():
                stopping.wait(1)


if __name__ == "__main__":
    main()
