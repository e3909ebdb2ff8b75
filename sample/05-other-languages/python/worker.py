"""Handles the calls of a queue: worker.py [--reports QUEUE] [--wait SECONDS] QUEUE

SIGTERM and SIGINT end the worker after the call in hand. The worker leaves a message with further calls whole. Without a message the worker
ends with its long poll, so that no message is lost on the way.
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
    """Handles both services. An exception leaves the message in the queue, so a call may come more than once."""

    def __init__(self, reports=None):
        self._reports = reports

    def startBackup(self, request):
        # Generated code checks required fields on write, not on read.
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
    """Wraps a handler and records failed calls. For oneway calls generated processors only log a failure and return as after a success."""

    def __init__(self, handler):
        self._handler = handler
        self.failed = False

    def __getattr__(self, method):
        def call(*args):
            try:
                # A method that the handler lacks is a failure too, because the IDL may be newer than the handler.
                return getattr(self._handler, method)(*args)
            except Exception:
                self.failed = True
                raise

        return call


class NoAnswer(TTransportBase):
    """Provides the output of processors. They write an answer only about a call that never reached its handler."""

    def write(self, buf):
        raise TTransportException(message="the message has a call that nothing here handles")


def create_processor(handler):
    processor = TMultiplexedProcessor()
    processor.registerProcessor("BackupQueue", BackupQueue.Processor(handler))
    processor.registerProcessor("BackupReports", BackupReports.Processor(handler))
    # Serves calls that do not name their service.
    processor.registerDefault(BackupQueue.Processor(handler))
    return processor


def handle_message(transport, processor, handler, stopping):
    """Handles each call of the message in hand. Removes the message if all calls succeed. Leaves the message when the worker must end."""
    handler.failed = False
    calls, no_answer = protocol_of(transport), TBinaryProtocol(NoAnswer())
    while transport.has_more():
        # One message can hold many thousands of calls.
        if stopping.is_set():
            transport.leave()
            return
        processor.process(calls, no_answer)
    if handler.failed:
        raise RuntimeError("a handler failed")
    transport.done()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", metavar="QUEUE", help="queue for the reports of each backup")
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
            # Without a message in hand SQS itself failed, so pause.
            if not transport.leave():
                stopping.wait(1)


if __name__ == "__main__":
    main()
