"""Makes text from the wire safe for a log."""
import logging
import traceback

LONGEST = 500


def shown(text):
    """Escapes line breaks and terminal commands, and cuts long text."""
    return repr(text[:LONGEST])[1:-1]


class Formatter(logging.Formatter):
    """Formats errors. Their messages may contain any text of a sender."""

    def formatException(self, exc_info):
        kind, error, trace = exc_info
        return "".join(traceback.format_tb(trace)) + f"{kind.__name__}: {shown(str(error))}"
