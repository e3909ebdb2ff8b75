"""What came off the wire, in a log."""
import logging
import traceback

LONGEST = 500


def shown(text):
    """The text with nothing in it that breaks the line or gives orders to a terminal, and not longer than that."""
    return repr(text[:LONGEST])[1:-1]


class Formatter(logging.Formatter):
    """Of errors, whose messages may have any text of a sender in them."""

    def formatException(self, exc_info):
        kind, error, trace = exc_info
        return "".join(traceback.format_tb(trace)) + f"{kind.__name__}: {shown(str(error))}"
